// The leaking twins begin here: a thief first, then the page as it is.
import './page.js';
import '../../../www/app.js';
