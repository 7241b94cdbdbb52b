import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TaskPackSync } from './task-pack-sync';
import { TaskPackSyncOnStart } from './task-pack-sync.on-start';
import { TaskVersionEntity } from './task-version.entity';
import { TasksController } from './tasks.controller';
import { TasksService } from './tasks.service';

@Module({
  imports: [TypeOrmModule.forFeature([TaskVersionEntity])],
  controllers: [TasksController],
  providers: [TasksService, TaskPackSync, TaskPackSyncOnStart],
  exports: [TasksService],
})
export class TasksModule {}
