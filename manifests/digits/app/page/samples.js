// How one person writes the ten digits: for keyboards (the keys 0 to 9) and for the "show me" button.
// Points on a page one unit wide and one unit tall; round strokes pass smoothly through their points.

const circle = (cx, cy, rx, ry, from, turns) =>
  Array.from({ length: 33 }, (_, i) => {
    const angle = ((from + (turns * 360 * i) / 32) * Math.PI) / 180;
    return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)];
  });

const shapes = {
  0: [circle(0.5, 0.5, 0.2, 0.33, -80, -1)],
  1: [[[0.38, 0.32], [0.52, 0.17], [0.52, 0.83]]],
  2: [[...circle(0.49, 0.34, 0.19, 0.17, 190, 0.55), [0.58, 0.56], [0.44, 0.7], [0.29, 0.82], [0.72, 0.82]]],
  3: [[...circle(0.46, 0.33, 0.18, 0.16, 215, 0.63), ...circle(0.46, 0.66, 0.21, 0.18, 275, 0.62)]],
  4: [[[0.5, 0.16], [0.28, 0.58], [0.74, 0.58]], [[0.6, 0.38], [0.58, 0.84]]],
  5: [[[0.68, 0.18], [0.36, 0.18], [0.34, 0.46], ...circle(0.47, 0.63, 0.2, 0.19, 235, 0.72)]],
  6: [[[0.62, 0.16], [0.46, 0.3], [0.35, 0.5], [0.32, 0.66], ...circle(0.5, 0.67, 0.18, 0.16, 180, -1)]],
  7: [[[0.29, 0.18], [0.71, 0.18], [0.56, 0.5], [0.45, 0.84]], [[0.36, 0.52], [0.68, 0.52]]],
  8: [[...circle(0.5, 0.33, 0.16, 0.16, 90, -1), ...circle(0.5, 0.67, 0.19, 0.17, 270, 1)]],
  9: [[...circle(0.48, 0.34, 0.18, 0.17, 0, -1), [0.66, 0.4], [0.63, 0.62], [0.55, 0.84]]],
};

export function sampleStrokes(digit) {
  return shapes[digit].map((stroke) => stroke.map(([x, y]) => ({ x, y })));
}
