import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RegradeItem } from './regrade-item.entity';
import { RegradeLedger } from './regrade-ledger.service';

@Module({ imports: [TypeOrmModule.forFeature([RegradeItem])], providers: [RegradeLedger], exports: [RegradeLedger] })
export class RegradeLedgerModule {}
