export default { output: 'export' }; // plain files in out/: no server has a part in it
