// look.js OUT PAGE... - each page in chromium: desktop and phone, light and dark, all details open. Exit 1 when something is wrong.
// LOOKS="phone-dark desktop-light" looks only so.
"use strict";
const puppeteer = require("puppeteer-core"), axe = require("axe-core"), path = require("path");
const chromium = process.env.CHROMIUM || "/usr/bin/chromium";
const looks = [["desktop", 1360, "light"], ["desktop", 1360, "dark"], ["phone", 390, "light"], ["phone", 390, "dark"]]
	.filter(l => !process.env.LOOKS || process.env.LOOKS.split(" ").includes(l[0] + "-" + l[2]));

// What is wider than its box and cannot be scrolled to, and whether the page itself scrolls sideways.
function cut() {
	const out = [];
	if (document.documentElement.scrollWidth > innerWidth) out.push("the page is wider than the screen");
	for (const e of document.querySelectorAll("main *, header *"))
		if (e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 && /hidden|clip/.test(getComputedStyle(e).overflowX) && !e.closest("thead, .hidden, svg"))
			out.push("cut: <" + e.tagName + "> " + e.textContent.slice(0, 60));
	return out;
}

(async () => {
	const out = process.argv[2], count = {critical: 0, serious: 0, moderate: 0, minor: 0};
	const browser = await puppeteer.launch({executablePath: chromium, headless: true, protocolTimeout: 600000, args: process.getuid() === 0 ? ["--no-sandbox"] : []});
	let wrong = 0, looked = 0, ran = 0;
	const say = (...w) => { wrong++; console.log(...w); };
	for (const file of process.argv.slice(3)) {
		const name = path.basename(file, ".html");
		for (const [kind, width, scheme] of looks) {
			const page = await browser.newPage();
			page.on("dialog", async d => { say(name, "a dialog opened:", d.message()); ran++; await d.dismiss(); });
			page.on("request", r => { if (!/^(file|data):/.test(r.url()) || (r.url().startsWith("file:") && !r.isNavigationRequest())) say(name, "asks for", r.url()); });
			await page.setViewport({width, height: kind === "phone" ? 844 : 900});
			await page.emulateMediaFeatures([{name: "prefers-color-scheme", value: scheme}]);
			await page.goto("file://" + path.resolve(file));
			if (kind === "desktop" && scheme === "light") {
				// A number opens what it was made of, by the keyboard alone.
				const first = await page.$("a.figure");
				if (first) {
					await first.focus();
					await page.keyboard.press("Enter");
					if (!await page.evaluate(() => document.querySelector(":target")?.closest("details")?.open)) say(name, "a number opens nothing");
				}
			}
			await page.evaluate(() => document.querySelectorAll("details").forEach(d => { d.open = true; }));
			for (const c of await page.evaluate(cut)) say(name, kind, c);
			await page.evaluate(axe.source);
			const found = await page.evaluate(() => axe.run(document, {resultTypes: ["violations"]}));
			for (const v of found.violations) {
				count[v.impact] += v.nodes.length;
				const line = [name, kind, scheme, v.impact, v.id, v.nodes.length, v.nodes[0].html.slice(0, 100)];
				if (v.impact === "serious" || v.impact === "critical") say(...line); else console.log(...line);
			}
			looked++;
			await page.screenshot({path: path.join(out, `${name}-${kind}-${scheme}.png`), captureBeyondViewport: false});
			await page.close();
		}
	}
	await browser.close();
	console.log(`axe-core ${axe.version}: ${looked} looks at ${process.argv.length - 3} pages: ${JSON.stringify(count)}; dialogs: ${ran}; wrong: ${wrong}`);
	process.exit(wrong > 0 ? 1 : 0);
})();
