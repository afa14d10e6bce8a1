import { Module } from '@nestjs/common';
import { MailQueue } from './mail-queue.js';
import { MailStore } from './mail.store.js';

@Module({ providers: [MailStore, MailQueue], exports: [MailQueue] })
export class MailModule {}
