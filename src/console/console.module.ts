import { Module } from '@nestjs/common';
import { PeopleModule } from '../features/people/people.module.js';
import { HomeController } from './home/home.controller.js';
import { RootController } from './home/root.controller.js';

/** The pages of the console. They call the services of the rooms. */
@Module({
  imports: [PeopleModule],
  controllers: [RootController, HomeController],
})
export class ConsoleModule {}
