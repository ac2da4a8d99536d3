/* Every chart is on the page as a still picture before this file runs. This file fetches the figure and draws it
   with Plotly when the picture comes near the screen, unless the reader saves data: then a button asks first.
   Figures name colours by token ("--ff-p1"); they are resolved here, so that charts follow light and dark. */
(() => {
  const { plotly, ask } = document.currentScript.dataset;
  const figures = new Map();
  let library;

  const load = () => library ||= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    Object.assign(script, { src: plotly, onload: resolve, onerror: reject });
    document.head.append(script);
  });

  const fetchFigure = async (box) => {
    const answer = await fetch(box.dataset.src, { headers: { Accept: 'application/json' } });
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  };

  const resolveTokens = (value, css) => {
    if (typeof value === 'string') return value.startsWith('--') ? css.getPropertyValue(value).trim() : value;
    if (Array.isArray(value)) return value.map((item) => resolveTokens(item, css));
    if (value && typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolveTokens(item, css)]));
    }
    return value;
  };

  const draw = async (box) => {
    const css = getComputedStyle(document.documentElement);
    const token = (name) => css.getPropertyValue(name).trim();
    const { data, layout, narrow } = resolveTokens(figures.get(box), css);
    if (matchMedia('(max-width: 40em)').matches && narrow) Object.assign(layout, narrow);
    Object.assign(layout, {
      autosize: true,
      font: { family: token('--ff-body'), size: 14, color: token('--ff-ink-2') },
      paper_bgcolor: 'rgba(0,0,0,0)',
      plot_bgcolor: 'rgba(0,0,0,0)',
      hoverlabel: { bgcolor: token('--ff-ink'), font: { color: token('--ff-paper'), family: token('--ff-body') } },
    });
    // The same room as the still picture takes: nothing jumps.
    layout.height ||= Math.max(box.clientHeight, 320);
    let plot = box.querySelector('.ff-chart__live');
    if (!plot) {
      plot = document.createElement('div');
      plot.className = 'ff-chart__live';
      plot.setAttribute('aria-hidden', 'true');
      box.dataset.ready = '';
      box.append(plot);
    }
    await Plotly.react(plot, data, layout, { displayModeBar: false, responsive: true });
    box.dataset.drawn = '';
  };

  const start = async (box) => {
    box.querySelector('.ff-chart__ask')?.remove();
    try {
      const [figure] = await Promise.all([fetchFigure(box), load(), document.fonts?.ready]);
      figures.set(box, figure);
      await draw(box);
    } catch {
      delete box.dataset.ready; // the still picture stays
    }
  };

  const near = new IntersectionObserver((entries) => entries.forEach((entry) => {
    if (!entry.isIntersecting) return;
    near.unobserve(entry.target);
    start(entry.target);
  }), { rootMargin: '300px' });

  const offer = (box) => {
    const button = document.createElement('button');
    Object.assign(button, { type: 'button', className: 'btn btn-outline-primary btn-sm', textContent: ask });
    button.addEventListener('click', () => start(box));
    const line = document.createElement('p');
    line.className = 'ff-chart__ask ff-no-print';
    line.append(button);
    box.append(line);
  };

  const connection = navigator.connection || {};
  const thrifty = connection.saveData || /2g/.test(connection.effectiveType || '');
  const find = () => document.querySelectorAll('[data-chart][data-src]:not([data-seen])').forEach((box) => {
    box.dataset.seen = '';
    if (thrifty) offer(box); else near.observe(box);
  });

  find();
  document.addEventListener('htmx:afterSettle', find);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    figures.forEach((_, box) => { if (box.isConnected) draw(box); });
  });
})();
