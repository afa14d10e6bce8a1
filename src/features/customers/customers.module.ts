import { Module } from '@nestjs/common';
import { ConsultantController } from './consultant.controller.js';
import { ConsultantService } from './consultant.service.js';
import { CustomerController } from './customer.controller.js';
import { CustomerService } from './customer.service.js';
import { CustomerStore } from './customer.store.js';
import { PortfolioConditions } from './portfolio.js';
import { ProductLineController } from './product-line.controller.js';
import { ProductLineService } from './product-line.service.js';
import { TimeZoneSteps } from './time-zone-change.js';

@Module({
  controllers: [CustomerController, ConsultantController, ProductLineController],
  providers: [
    CustomerService,
    CustomerStore,
    ConsultantService,
    ProductLineService,
    TimeZoneSteps,
    PortfolioConditions,
  ],
  exports: [CustomerService, ConsultantService, ProductLineService, TimeZoneSteps, PortfolioConditions],
})
export class CustomersModule {}
