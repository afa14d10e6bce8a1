/**
 * The scripts of the console. Every page works without them; they make it faster to use. Each module listens on the document or defines an
 * element, so it does not matter when a page arrives.
 */
import './pages.js';
import './sending.js';
import './keep-typed.js';
import './toast.js';
import './menus.js';
import './dialogs.js';
import './keys.js';
import './palette.js';
import './week.js';
import './quick-entry.js';
import './live-part.js';
import './file-hash.js';
import './import-file.js';
