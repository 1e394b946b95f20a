// Numbers of data as the terminal writes them (src/solvent/data/profile/draw/numbers.py); numbers.cases.json holds both to it.

/** At most four significant digits; whole numbers below a thousand million stay whole. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e9) return grouped(value + 0); // no negative zero
  if (size >= 1e-4 && size < 1e7) return grouped(Number(size >= 1e4 ? value.toFixed(0) : value.toPrecision(4)));
  const [mantissa, exponent] = value.toExponential(3).split("e");
  return `${Number(mantissa)}e${Number(exponent)}`;
}

/** A share in percent; what is little is never told as nothing, nor nearly all as all. */
export function percentText(part: number, whole: number): string {
  if (!whole) return "–";
  const share = part / whole;
  if (share === 0 || share === 1) return `${share * 100}%`;
  const rest = Math.min(share, 1 - share); // small where a digit more matters: near nothing, and near all
  if (rest < 0.0001) return share < 0.5 ? "<0.01%" : ">99.99%";
  return `${(share * 100).toFixed(rest < 0.01 ? 2 : 1)}%`;
}

function grouped(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: 7 });
}
