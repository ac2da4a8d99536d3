/* Drafts of activities on this device: kept while there is no connection, sent when it is back, listed in “My work”,
   and never shown to anybody but the person who wrote them. Loaded where somebody is signed in. */
(() => {
  const me = document.currentScript.dataset;
  const PREFIX = 'ff-draft:';
  const SHELL = 'fourfold-form';
  const mine = `${PREFIX}${me.user}:`;

  const cookie = () => decodeURIComponent((document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1] || '');
  const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
  const keys = () => { try { return Object.keys(localStorage).filter((key) => key.startsWith(mine)); } catch { return []; } };

  const get = (token) => read(mine + token);
  const drop = (token) => { try { localStorage.removeItem(mine + token); } catch { /* nothing was kept */ } };
  /* Says whether it is kept. */
  const put = (token, draft) => { try { localStorage.setItem(mine + token, JSON.stringify(draft)); return true; } catch { return false; } };
  const all = () => keys().map((key) => ({ token: key.slice(mine.length), ...read(key) })).sort((a, b) => b.at - a.at);

  /* Sends one draft. What comes back: {kept|moved|sent|away|out|refused} and the server's words. */
  async function send(token, draft, force = false) {
    const body = new URLSearchParams([...draft.fields.filter(([name]) => !['token', 'seen', 'force', 'csrfmiddlewaretoken'].includes(name)),
      ['token', token], ['seen', draft.seen || 0], ...(force ? [['force', '1']] : [])]);
    let answer;
    try {
      answer = await fetch(me.url, { method: 'POST', body, credentials: 'same-origin', headers: { 'X-CSRFToken': cookie(), Accept: 'application/json' } });
    } catch { return { what: 'away' }; }
    let said = {};
    try { said = await answer.json(); } catch { /* no words of ours */ }
    if (answer.ok && said.user === me.user) return { what: said.sent ? 'sent' : 'kept', ...said };
    if (answer.status === 409) return { what: 'moved', ...said };
    if (answer.status === 401 || answer.status === 403) return { what: 'out' };
    return { what: answer.status >= 500 ? 'away' : 'refused', ...said };
  }

  /* Sends what is not on the server yet; what is there leaves this device, but for the form that is open. */
  async function sync(open = '') {
    for (const { token, ...draft } of all()) {
      if (token === open) continue;
      if (draft.synced) { drop(token); continue; }
      const said = await send(token, draft);
      if (said.what === 'kept' || said.what === 'sent') drop(token);
    }
    list();
  }

  /* “My work”: what is on this device only. */
  function list() {
    const place = document.querySelector('[data-drafts-here]');
    if (!place) return;
    const rows = all().filter((draft) => !draft.synced);
    const rowOf = place.querySelector('template');
    place.querySelectorAll('li').forEach((row) => row.remove());
    rows.forEach((draft) => {
      const row = rowOf.content.firstElementChild.cloneNode(true);
      const link = row.querySelector('a');
      link.href = draft.url;
      link.textContent = draft.title || link.textContent;
      row.querySelector('[data-when]').textContent = new Date(draft.at).toLocaleString(document.documentElement.lang);
      row.querySelector('button').addEventListener('click', () => { drop(draft.token); list(); });
      rowOf.parentNode.insertBefore(row, rowOf);
    });
    place.hidden = !rows.length;
  }

  const forgetShell = async () => { if ('caches' in self) await caches.delete(SHELL); };

  // Somebody else signed in on this device: the page that is kept for times without a connection was not theirs.
  try {
    if (localStorage.getItem('ff-user') !== me.user) { forgetShell(); localStorage.setItem('ff-user', me.user); }
  } catch { /* nothing can be kept here, so nothing is */ }

  // Signing out: what is not on the server yet goes there first, then nothing of this person stays but what could not go.
  document.addEventListener('submit', async (event) => {
    const form = event.target;
    const target = new URL(form.getAttribute('action') || location.href, location.href);
    if (!/\/(sign-out|logout)\/$/.test(target.pathname) || form.dataset.sent) return;
    event.preventDefault();
    form.dataset.sent = '1';
    await Promise.race([sync(), new Promise((done) => setTimeout(done, 4000))]);
    await forgetShell();
    try { localStorage.removeItem('ff-user'); } catch { /* nothing was kept */ }
    form.submit();
  });

  self.fourfoldDrafts = { get, put, drop, all, send, sync, forgetShell, SHELL };
  if (!document.querySelector('[data-entry]')) {
    list();
    sync();
    addEventListener('online', () => sync());
  }
})();
