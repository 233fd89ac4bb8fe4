/** Finds room for the labels of a scatter plot: beside, above or below the point, or nowhere. */
import { textWidth } from './text-metrics.ts';

/** A point in px and its label. */
export interface LabelledPoint {
  x: number;
  y: number;
  text: string;
}

/** Where a label stands: offsets from its point in px. */
export interface Placement {
  align: 'left' | 'right' | 'center';
  dx: number;
  dy: number;
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const GAP = 9;
const sides: Placement[] = [
  { align: 'left', dx: GAP, dy: 0 },
  { align: 'right', dx: -GAP, dy: 0 },
  { align: 'center', dx: 0, dy: -GAP - 5 },
  { align: 'center', dx: 0, dy: GAP + 5 },
];

/**
 * Places labels one after the other so that none covers a point, an earlier label or the border of the plot.
 *
 * @param points - points in px, the origin at the upper left
 * @param options.side - width and height of the plot in px
 * @returns for each point its label's place, or undefined where no side is free
 */
export function placeLabels(
  points: readonly LabelledPoint[],
  { side, fontSize }: { side: number; fontSize: number },
): (Placement | undefined)[] {
  const taken: Box[] = points.map(({ x, y }) => ({ left: x - 5, right: x + 5, top: y - 5, bottom: y + 5 }));
  return points.map((point) => {
    const free = sides.find((placement) => {
      const box = labelBox(point, placement, fontSize);
      const inside = box.left >= 0 && box.right <= side && box.top >= 0 && box.bottom <= side;
      return inside && !taken.some((other) => overlap(box, other));
    });
    if (free) taken.push(labelBox(point, free, fontSize));
    return free;
  });
}

function labelBox({ x, y, text }: LabelledPoint, { align, dx, dy }: Placement, fontSize: number): Box {
  const width = textWidth(text, { fontSize });
  const left = x + dx - { left: 0, right: width, center: width / 2 }[align];
  const middle = y + dy;
  return { left, right: left + width, top: middle - fontSize * 0.6, bottom: middle + fontSize * 0.6 };
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
