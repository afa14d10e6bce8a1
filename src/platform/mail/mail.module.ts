import { Module } from '@nestjs/common';
import { MailDelivery } from './mail-delivery.js';
import { MailQueue } from './mail-queue.js';
import { MailStore } from './mail.store.js';

@Module({ providers: [MailStore, MailDelivery, MailQueue], exports: [MailQueue] })
export class MailModule {}
