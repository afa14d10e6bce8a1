import { Get } from '@nestjs/common';
import type { Fragment, PageReader, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { keysDialog, keysPage } from './keys.page.js';

/** The list of keys, as a page and as a dialog. */
@ConsoleController('keys')
export class KeysController {
  @Get()
  @ConsolePage('me.read')
  page(@Reader() reader: PageReader): ShownPage {
    return keysPage(reader);
  }

  @Get('dialog')
  @ConsolePage('me.read')
  dialog(@Reader() reader: PageReader): Fragment {
    return { fragment: keysDialog(reader) };
  }
}
