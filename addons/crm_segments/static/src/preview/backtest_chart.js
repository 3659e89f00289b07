/** Marks and dashes: colour is never the only sign. */
const MARKS = ["circle", "rect", "triangle", "rectRot", "star", "crossRot"];
const DASHES = [[], [6, 3], [2, 2]];

/**
 * Chart.js configuration of lines over month-ends.
 *
 * @param {Object} content
 * @param {string[]} content.days labels, the last of which is the present
 * @param {{name: string, values: number[], colour: string}[]} content.lines
 * @param {(value: number) => string} content.text of a value
 * @param {string} content.ink colour of texts
 * @param {string} content.grid colour of the grid
 */
export function chartConfig({ days, lines, text, ink, grid }) {
    const ticks = { color: ink };
    return {
        type: "line",
        data: { labels: days, datasets: lines.map((line, index) => dataset(line, index)) },
        options: {
            animation: false,
            maintainAspectRatio: false,
            interaction: { mode: "index", intersect: false },
            scales: {
                x: { grid: { display: false }, ticks: { ...ticks, maxRotation: 45 } },
                y: { beginAtZero: true, grid: { color: grid }, ticks: { ...ticks, callback: text, precision: 0 } },
            },
            plugins: {
                legend: { position: "bottom", labels: { color: ink, usePointStyle: true, boxHeight: 6, padding: 8 } },
                tooltip: { callbacks: { label: ({ dataset, raw }) => `${dataset.label}: ${text(raw)}` } },
            },
        },
    };
}

function dataset({ name, values, colour }, index) {
    return {
        label: name,
        data: values,
        borderColor: colour,
        backgroundColor: colour,
        borderDash: DASHES[Math.floor(index / MARKS.length) % DASHES.length],
        borderWidth: 2,
        pointStyle: MARKS[index % MARKS.length],
        // the present is what the preview is about
        pointRadius: values.map((_value, point) => (point === values.length - 1 ? 6 : 3)),
        tension: 0,
    };
}
