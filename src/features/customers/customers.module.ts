import { Module } from '@nestjs/common';
import { ConsultantsController } from './consultants.controller.js';
import { ConsultantService } from './consultants.service.js';
import { CustomersController } from './customers.controller.js';
import { CustomerService } from './customers.service.js';
import { ProductLinesController } from './product-lines.controller.js';
import { ProductLineService } from './product-lines.service.js';

@Module({
  controllers: [CustomersController, ConsultantsController, ProductLinesController],
  providers: [CustomerService, ConsultantService, ProductLineService],
  exports: [CustomerService, ConsultantService, ProductLineService],
})
export class CustomersModule {}
