import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RubricAreaEntity, RubricCriterionEntity, RubricEntity, RubricLevelEntity } from './rubric.entity';
import { RubricsController } from './rubrics.controller';
import { RubricsService } from './rubrics.service';

@Module({
  imports: [TypeOrmModule.forFeature([RubricEntity, RubricAreaEntity, RubricCriterionEntity, RubricLevelEntity])],
  controllers: [RubricsController],
  providers: [RubricsService],
  exports: [RubricsService],
})
export class RubricsModule {}
