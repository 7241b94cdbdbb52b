import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AssumptionSetEntity, AssumptionSetVersionEntity } from './assumption-set.entity';
import { AssumptionSetVersionsController } from './assumption-set-versions.controller';
import { AssumptionSetVersionsService } from './assumption-set-versions.service';
import { AssumptionSetsController } from './assumption-sets.controller';
import { AssumptionSetsService } from './assumption-sets.service';
import { DefaultAssumptionsController } from './default-assumptions.controller';

@Module({
  imports: [TypeOrmModule.forFeature([AssumptionSetEntity, AssumptionSetVersionEntity])],
  controllers: [AssumptionSetsController, AssumptionSetVersionsController, DefaultAssumptionsController],
  providers: [AssumptionSetsService, AssumptionSetVersionsService],
  exports: [AssumptionSetsService, AssumptionSetVersionsService],
})
export class AssumptionSetsModule {}
