/** Routes of the launcher's exercises. */
import { relative, sep } from 'node:path';
import { listExercises, openCopy } from '../exercises/exercises.ts';
import { notFound } from '../http/errors.ts';
import { json } from '../http/reply.ts';
import type { RouteLine } from '../http/router.ts';

/** @param root - the served folder: copies are laid into it */
export function exerciseRoutes(root: string): RouteLine[] {
  return [
    ['GET', '/tsbert/api/exercises', async () => json({ exercises: await listExercises() })],
    [
      'POST',
      '/tsbert/api/exercises/([^/]+)',
      async ({ params: [name] }) => {
        const copy = await openCopy(name!, root);
        if (copy === undefined) throw notFound(name!);
        return json({ path: relative(root, copy).split(sep).join('/') });
      },
    ],
  ];
}
