import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AssumptionSetEntity, AssumptionSetVersionEntity } from './assumption-set.entity';
import { AssumptionSetsService } from './assumption-sets.service';

@Module({
  imports: [TypeOrmModule.forFeature([AssumptionSetEntity, AssumptionSetVersionEntity])],
  providers: [AssumptionSetsService],
  exports: [AssumptionSetsService],
})
export class AssumptionSetsModule {}
