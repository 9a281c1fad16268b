// Draws charts in the place of their pictures, from the numbers that these carry: what a mark stands for is said when a pointer or the
// keyboard is on it, and variants can be hidden. The pictures stay for printing, and where there are no scripts.
const SVG = document.createRange().createContextualFragment("<svg></svg>").firstChild.namespaceURI
const WIDTH = 860

/** A new element in an SVG. */
const mark = (parent, name, attributes = {}, text = "") => {
  const element = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  element.textContent = text
  parent.append(element)
  return element
}

/** A new element of the page. */
const part = (parent, name, properties = {}) => {
  const element = Object.assign(document.createElement(name), properties)
  parent.append(element)
  return element
}

/** Corners and the direction of the first one, by the marker's name. */
const SHAPES = {
  CIRCLE: [24, 0], SQUARE: [4, 45], TRIANGLE: [3, -90], DIAMOND: [4, -90], INVERTED_TRIANGLE: [3, 90], PENTAGON: [5, -90],
}
const marker = (parent, shape, x, y, radius, attributes) => {
  const [corners, first] = SHAPES[shape]
  const points = Array.from({length: corners}, (_, i) => (first + 360 * i / corners) * Math.PI / 180)
    .map(angle => `${x + radius * Math.cos(angle)},${y + radius * Math.sin(angle)}`)
  return mark(parent, "polygon", {points: points.join(" "), ...attributes})
}

/** The frame of a chart before its picture: words, the drawing, and a line that says what is under the pointer. */
const frame = (image, chart, height, hint) => {
  const figure = document.createElement("figure")
  image.before(figure)
  image.classList.add("drawn")
  const caption = part(figure, "figcaption")
  part(caption, "strong", {textContent: chart.title})
  part(caption, "small", {textContent: chart.note})
  const legend = part(figure, "div", {className: "legend"})
  const svg = mark(figure, "svg", {viewBox: `0 0 ${WIDTH} ${height}`, role: "group", "aria-label": chart.title})
  const said = part(figure, "output", {textContent: hint})
  return {legend, svg, say: text => { said.textContent = text || hint }}
}

/** The lines and labels of an axis along x. */
const ticks = (svg, scale, x, top, bottom) => {
  for (const {at, label} of scale.ticks) {
    mark(svg, "path", {d: `M${x(at)},${top}V${bottom + 4}`, class: label ? "grid" : "fine grid"})
    mark(svg, "text", {x: x(at), y: bottom + 18, "text-anchor": "middle"}, label)
  }
  mark(svg, "text", {x: (x(0) + x(1)) / 2, y: bottom + 38, "text-anchor": "middle"}, scale.title)
}

const MOST_BANDS = 4 // more are a fog: then there are whiskers, side by side
const SIDE_STEP = 6

const curves = (image, chart) => {
  const [left, right, top, bottom] = [70, WIDTH - 14, 10, 330]
  const {legend, svg, say} = frame(image, chart, bottom + 46,
    "Point at a line, or move along it with the arrow keys, for its numbers; a variant's name hides or shows it.")
  const {x: across, y: up, series} = chart.data
  const several = series.length > MOST_BANDS
  const room = several ? series.length / 2 * SIDE_STEP : 0
  const x = at => left + room + at * (right - left - 2 * room)
  const y = at => bottom - at * (bottom - top)
  ticks(svg, across, x, bottom, bottom)
  for (const {at, label} of up.ticks) {
    mark(svg, "path", {d: `M${left},${y(at)}H${right}`, class: "grid"})
    mark(svg, "text", {x: left - 8, y: y(at) + 4, "text-anchor": "end"}, label)
  }
  mark(svg, "text", {transform: `translate(14 ${(top + bottom) / 2}) rotate(-90)`, "text-anchor": "middle"}, up.title)
  const variants = series.map(({label, color, dash, marker: shape, points}, i) => {
    const shift = several ? (i - (series.length - 1) / 2) * SIDE_STEP : 0
    const at = point => x(point.x) + shift
    const path = key => points.map(point => `${at(point)},${y(point[key])}`)
    const line = mark(svg, "g", {stroke: color, fill: color})
    if (several) {
      const whiskers = points.map(point => `M${at(point)},${y(point.low)}V${y(point.high)}`)
      mark(line, "path", {d: whiskers.join(""), class: "whiskers"})
    } else {
      mark(line, "polygon", {points: [...path("low"), ...path("high").reverse()].join(" "), class: "band"})
    }
    mark(line, "polyline", {points: path("y").join(" "), "stroke-dasharray": dash, "stroke-width": 2, fill: "none"})
    const step = Math.ceil(points.length / 12)
    points.filter((_, i) => (points.length - 1 - i) % step === 0)
      .forEach(point => marker(line, shape, at(point), y(point.y), 4.5))
    return {label, color, dash, shape, points, at, line, shown: true}
  }).filter(({points}) => points.length)
  const ring = mark(svg, "circle", {r: 8, class: "ring", visibility: "hidden"})
  let active
  let place = 0
  const visible = () => variants.filter(variant => variant.shown)
  const show = () => {
    const point = active?.points[place]
    variants.forEach(({line, shown}) => line.setAttribute("visibility", shown ? "visible" : "hidden"))
    ring.setAttribute("visibility", point ? "visible" : "hidden")
    if (point) {
      ring.setAttribute("cx", active.at(point))
      ring.setAttribute("cy", y(point.y))
    }
    say(point && `${active.label}, ${point.text}`)
  }
  const choose = (variant, at) => {
    active = variant
    place = variant ? Math.max(0, Math.min(variant.points.length - 1, at)) : 0
    show()
  }
  svg.setAttribute("tabindex", 0)
  svg.onpointermove = event => {
    const box = svg.getBoundingClientRect()
    const scale = WIDTH / box.width
    const [px, py] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale]
    const near = visible().flatMap(variant => variant.points.map((point, at) =>
      ({variant, at, distance: Math.hypot(variant.at(point) - px, y(point.y) - py)})))
      .reduce((best, each) => each.distance < best.distance ? each : best, {distance: 60})
    choose(near.variant, near.at)
  }
  svg.onpointerleave = () => choose()
  svg.onblur = () => choose()
  svg.onkeydown = event => {
    const shown = visible()
    const row = Math.max(0, shown.indexOf(active))
    const moves = {
      ArrowLeft: [row, place - 1], ArrowRight: [row, active ? place + 1 : 0], ArrowUp: [row - 1, place], ArrowDown: [row + 1, place],
    }
    const move = moves[event.key]
    if (move && shown.length) {
      event.preventDefault()
      choose(shown[(move[0] + shown.length) % shown.length], move[1])
    }
  }
  for (const variant of variants) {
    const button = part(legend, "button", {type: "button"})
    const sample = mark(button, "svg", {viewBox: "0 0 34 12", width: 34, height: 12, "aria-hidden": true})
    mark(sample, "path", {d: "M0,6H34", stroke: variant.color, "stroke-width": 2, "stroke-dasharray": variant.dash})
    marker(sample, variant.shape, 17, 6, 4.5, {fill: variant.color})
    button.append(variant.label)
    button.setAttribute("aria-pressed", true)
    button.onclick = () => {
      variant.shown = !variant.shown
      button.setAttribute("aria-pressed", variant.shown)
      choose()
    }
  }
  show()
}

const effects = (image, chart) => {
  const ROW = 70
  const {x: across, none, rows} = chart.data
  const [left, right, bottom] = [14, WIDTH - 14, 8 + ROW * rows.length]
  const {legend, svg, say} = frame(image, chart, bottom + 46, "Point at an effect, or go to it with the Tab key, for its sentence.")
  const x = at => left + at * (right - left)
  const paper = rows.some(row => row.paper.length)
  legend.textContent = `■ mean with its 95 % interval; ● single seeds${paper ? "; ◇ the paper" : ""}`
  ticks(svg, across, x, 8, bottom)
  rows.forEach((row, i) => {
    const top = 8 + i * ROW
    const group = mark(svg, "g", {tabindex: 0, role: "img", "aria-label": row.text, class: "row"})
    mark(group, "rect", {x: 0, y: top, width: WIDTH, height: ROW, class: "ground"})
    mark(group, "text", {x: left, y: top + 16, class: "name"}, row.label)
    mark(group, "text", {x: right, y: top + 16, "text-anchor": "end"}, row.numbers)
    mark(group, "path", {d: `M${x(none)},${top + 22}V${top + ROW}`, class: "none"})
    row.paper.forEach(at => marker(group, "DIAMOND", x(at), top + 30, 5, {class: "paper"}))
    row.seeds.forEach(at => mark(group, "circle", {cx: x(at), cy: top + 54, r: 3, class: "seed"}))
    if (row.ours.length === 3) {
      const [low, mean, high] = row.ours.map(x)
      mark(group, "path", {d: `M${low},${top + 42}H${high}M${low},${top + 38}v8M${high},${top + 38}v8`, class: "interval"})
      mark(group, "rect", {x: mean - 4.5, y: top + 37.5, width: 9, height: 9, class: "mean"})
    }
    group.onpointerenter = group.onfocus = () => say(row.text)
    group.onpointerleave = group.onblur = () => say()
  })
}

const kinds = {curves, effects}
for (const image of document.querySelectorAll("img[data-chart]")) {
  const chart = JSON.parse(image.dataset.chart)
  kinds[chart.kind](image, chart)
}
