import { Injectable, type PipeTransform } from '@nestjs/common';
import { notFound } from '../http/problem';
import { MOST_VERSIONS } from './assumption-set-ref.dto';

/** Reads the number of a version from a path. What is no such number names nothing. */
@Injectable()
export class VersionPipe implements PipeTransform<string, number> {
  /** @throws Problem `not-found` */
  transform(text: string): number {
    const version = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : 0;
    if (version < 1 || version > MOST_VERSIONS) throw notFound('version of this assumption set');
    return version;
  }
}
