/* The form of an activity: shares with their sum, places and partners that were found, the panel beside it, the draft. */
(() => {
  const form = document.querySelector('[data-entry]');
  if (!form) return;
  const drafts = self.fourfoldDrafts;
  const worker = document.currentScript.dataset.worker;
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];

  // Shares: one row for each that is chosen, shown from two on.
  const number = (text) => { const found = Number(String(text).replace(',', '.').replace('%', '').trim()); return Number.isFinite(found) && found > 0 ? found : 0; };
  const text = (share) => String(Math.round(share * 1e6) / 1e6);
  const equal = (count) => { const part = Math.floor(1e8 / count) / 1e6; return Array.from({ length: count }, (_, i) => (i ? part : Math.round((100 - part * (count - 1)) * 1e6) / 1e6)); };

  const splits = Object.fromEntries($$('[data-split]').map((box) => {
    const name = box.dataset.split;
    const rows = () => $$('.ff-split > li', box);
    const fields = () => rows().map((row) => $('input', row));
    const sum = $('[data-sum]', box);
    let byHand = fields().some((field) => field.value) && new Set(fields().map((field) => field.value)).size > 1;

    function add() {
      const total = Math.round(fields().reduce((so, field) => so + number(field.value), 0) * 1e6) / 1e6;
      const right = Math.abs(total - 100) < 1e-6;
      const off = Math.round(Math.abs(100 - total) * 1e6) / 1e6;
      box.querySelector('.ff-sumline').className = `ff-sumline ${right ? 'is-ok' : 'is-bad'}`;
      sum.textContent = `${total}%: ${right ? sum.dataset.right : off + (total < 100 ? sum.dataset.left : sum.dataset.over)}`;
    }
    function share(how) {
      const all = fields();
      if (how === 'equal') { byHand = false; equal(all.length).forEach((part, i) => { all[i].value = text(part); }); } else {
        let blank = all.filter((field) => !number(field.value));
        if (!blank.length) blank = all.slice(-1);
        const rest = 100 - all.filter((field) => !blank.includes(field)).reduce((so, field) => so + number(field.value), 0);
        if (rest > 0) equal(blank.length).forEach((part, i) => { blank[i].value = text(rest * part / 100); });
      }
      add();
    }
    function follow() {
      const chosen = $$(`input[name="${name}"]:checked`, form);
      const list = $('.ff-split', box);
      rows().filter((row) => !chosen.some((one) => one.value === row.dataset.key)).forEach((row) => row.remove());
      chosen.filter((one) => !rows().some((row) => row.dataset.key === one.value)).forEach((one) => {
        const row = $('template', box).content.firstElementChild.cloneNode(true);
        const field = $('input', row);
        row.dataset.key = one.value;
        row.firstElementChild.textContent = one.dataset.label;
        row.firstElementChild.id = `${name}-l-${one.value}`;
        field.name = `${name}_share-${one.value}`;
        field.setAttribute('aria-labelledby', `${row.firstElementChild.id} ${name}-unit`);
        list.append(row);
      });
      box.hidden = chosen.length < 2;
      if (!byHand) share('equal'); else add();
    }
    box.addEventListener('input', () => { byHand = true; add(); });
    return [name, { follow, share, set byHand(value) { byHand = value; } }];
  }));
  form.addEventListener('click', (event) => {
    const [how, name] = (event.target.closest('button[name=action]')?.value || '').split(':');
    if (!['equal', 'rest'].includes(how)) return;
    event.preventDefault();
    splits[name].share(how);
    changed();
  });

  // What was found moves to what is chosen; a partner gets a role.
  function partner(key, label, role) {
    const list = $('[data-partners]');
    if ($$('input', list).some((one) => one.value === key)) return;
    const row = $('[data-partner-row]').content.firstElementChild.cloneNode(true);
    $('input', row).value = key;
    $('input', row).dataset.label = label;
    $('span', row).textContent = label;
    const select = $('select', row);
    select.name = `role-${key}`;
    select.setAttribute('aria-label', `${select.getAttribute('aria-label')}: ${label}`);
    if (role) select.value = role;
    list.append(row);
    return row;
  }
  function place(key, label, on = true) {
    const known = $$('[data-places] input').find((one) => one.value === key);
    if (known) { known.checked = on; return known.closest('label'); }
    const row = document.createElement('label');
    row.className = 'ff-choice';
    row.innerHTML = '<input type="checkbox" name="place"><span></span>';
    Object.assign($('input', row), { value: key, checked: on });
    $('input', row).dataset.label = label;
    $('span', row).textContent = label;
    $('[data-places]').append(row);
    return row;
  }
  form.addEventListener('change', (event) => {
    const box = event.target.closest('[data-found]');
    if (box && event.target.checked) {
      const { value, dataset } = event.target;
      event.target.closest('li').remove();
      const row = box.dataset.found === 'place' ? place(value, dataset.label) : partner(value, dataset.label);
      row?.querySelector('input').focus();
      const search = $(`[name=find_${box.dataset.found}]`);
      if (search) search.value = '';
      box.innerHTML = '';
      $(`#${box.dataset.found}-says`).textContent = '';
    }
    if (event.target.name === 'partner' && !event.target.checked) event.target.closest('li').remove();
    if (splits[event.target.name]) splits[event.target.name].follow();
    if (event.target.name === 'objective') count();
  });
  function count() {
    $$('.ff-pick details').forEach((details) => {
      const chosen = $$('input:checked', details).length;
      const label = $('[data-count-of]', details);
      label.textContent = chosen ? `${chosen} ${label.dataset.countOf}` : '';
    });
  }

  // The panel follows the questions that say what is alike; what is chosen in it does not stir it.
  const STIRS = /^(objective|place|start_|end_|title|description|delivery|population|exploitation|partner|role-|budget|currency|organisation)/;
  let stirred;
  const stir = () => {
    clearTimeout(stirred);
    stirred = setTimeout(() => {
      if (self.htmx && navigator.onLine) htmx.ajax('POST', form.dataset.similar, { source: form, target: '#similar', swap: 'innerHTML' });
    }, 700);
  };

  // The draft: on this device at once, on the server a second later.
  const saved = $('#saved');
  let token = form.dataset.token;
  let seen = Number(form.dataset.draft || 0);
  let waiting;
  let isSending = false;
  let isLeaving = false;
  let isAsked = false;

  // A new form has a number of its own, also where the page came from this device's store.
  const address = new URL(location.href);
  if (!form.elements.activity) {
    const asked = address.searchParams.get('draft');
    if ('fresh' in form.dataset) token = asked || crypto.randomUUID?.() || token;
    form.elements.token.value = token;
  }

  const fields = () => [...new FormData(form)].filter(([name]) => !['csrfmiddlewaretoken', 'seen', 'personal_seen'].includes(name));
  const title = () => form.elements.title.value.trim();
  const labels = () => Object.fromEntries($$('input[data-label]:checked', form).map((one) => [`${one.name}-${one.value}`, one.dataset.label]));
  function here() {
    if (form.elements.activity) return address.pathname;
    address.search = `?draft=${token}`;
    return address.pathname + address.search;
  }
  function show(icon, words, link) {
    $$('[data-saved-icon]', saved).forEach((one) => { one.hidden = one.dataset.savedIcon !== icon; });
    const place = $('[data-saved-text]', saved);
    place.textContent = words;
    if (link) {
      const anchor = document.createElement('a');
      anchor.href = link;
      anchor.textContent = saved.dataset.signIn;
      place.append(' ', anchor);
    }
  }
  function keep(synced = false) {
    return drafts.put(token, { fields: fields(), labels: labels(), title: title(), url: here(), at: Date.now(), seen, synced });
  }
  async function send(force = false) {
    clearTimeout(waiting);
    if (isSending || isLeaving || isAsked) { waiting = setTimeout(send, 1000); return; }
    const draft = drafts.get(token);
    if (!draft) return;
    isSending = true;
    const said = await drafts.send(token, draft, force);
    isSending = false;
    if (said.what === 'kept') {
      form.elements.seen.value = seen = said.version;
      const now = drafts.get(token);
      const isSame = now && JSON.stringify(now.fields) === JSON.stringify(draft.fields);
      if (now) drafts.put(token, { ...now, seen, synced: isSame });
      show('server', `${saved.dataset.savedOnServer} ${new Date().toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' })}`);
    } else if (said.what === 'moved') {
      isAsked = true;
      form.elements.seen.value = seen = said.version;
      $('[data-two-devices]').hidden = false;
    } else if (said.what === 'sent') {
      drafts.drop(token);
      location.href = said.sent;
    } else if (said.what === 'out') {
      show('here', saved.dataset.signedOut, `/sign-in/?next=${encodeURIComponent(here())}`);
    } else if (said.what === 'away') {
      show('here', saved.dataset.savedHere);
      waiting = setTimeout(send, 15000);
    } else {
      show('here', said.problem || saved.dataset.savedHere);
    }
  }
  function changed() {
    const isKept = keep();
    if (!isKept) show('', saved.dataset.nowhere);
    else if (!navigator.onLine) show('here', saved.dataset.savedHere);
    if (isKept && !form.elements.activity && location.search !== `?draft=${token}`) history.replaceState(null, '', here());
    clearTimeout(waiting);
    waiting = setTimeout(send, 1000);
  }
  const onTyped = (event) => {
    if (event.target.hasAttribute('data-quiet')) return;
    changed();
    if (STIRS.test(event.target.name)) stir();
  };
  form.addEventListener('input', onTyped);
  form.addEventListener('change', onTyped);
  // What is chosen in the panel belongs to the form, though it does not stand in it.
  $('#similar').addEventListener('input', changed);
  $('#similar').addEventListener('change', changed);
  addEventListener('online', () => { drafts.sync(token); const draft = drafts.get(token); if (draft && !draft.synced) send(); stir(); });
  addEventListener('offline', () => { if (drafts.get(token)) show('here', saved.dataset.savedHere); });
  $('[data-keep-this]').addEventListener('click', () => { isAsked = false; $('[data-two-devices]').hidden = true; keep(); send(true); });
  $('[data-take-other]').addEventListener('click', () => { drafts.drop(token); location.href = here(); });

  form.addEventListener('submit', (event) => {
    keep();
    if (!navigator.onLine) {
      event.preventDefault();
      show('here', saved.dataset.savedHere);
      saved.scrollIntoView({ block: 'center' });
      return;
    }
    isLeaving = event.submitter?.formTarget !== '_blank';
    clearTimeout(waiting);
    // Signing in again elsewhere changes the token against forged posts.
    const fresh = (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1];
    if (fresh) form.elements.csrfmiddlewaretoken.value = fresh;
  });
  addEventListener('pageshow', (event) => { if (event.persisted) isLeaving = false; });
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.target.tagName !== 'INPUT' || ['checkbox', 'radio'].includes(event.target.type)) return;
    event.preventDefault();
    if (event.target.hasAttribute('data-quiet')) htmx.trigger(event.target, 'search');
  });

  // What this device kept and the server does not have yet.
  function restore(draft) {
    const values = {};
    draft.fields.forEach(([name, value]) => { (values[name] ||= []).push(value); });
    (values.place || []).forEach((key) => place(key, draft.labels[`place-${key}`] || key));
    (values.partner || []).forEach((key) => partner(key, draft.labels[`partner-${key}`] || key));
    Object.entries(splits).forEach(([name, split]) => {
      $$(`input[name="${name}"]`, form).forEach((one) => { one.checked = (values[name] || []).includes(one.value); });
      split.follow();
      split.byHand = true;
    });
    [...form.elements].forEach((field) => {
      if (!field.name || ['token', 'owner', 'owner_key', 'csrfmiddlewaretoken', 'action', 'seen', 'personal_seen'].includes(field.name)) return;
      const typed = values[field.name] || [];
      if (field.type === 'checkbox' || field.type === 'radio') field.checked = typed.includes(field.value);
      else if (field.type !== 'submit' && field.type !== 'button') field.value = typed[0] ?? '';
    });
    Object.values(splits).forEach((split) => split.follow());
    $$('details', form).forEach((details) => { if ($('input:checked', details)) details.open = true; });
    count();
  }
  const kept = drafts.get(token);
  if ('posted' in form.dataset) {
    keep(seen > 0); // the server has just had all of it
  } else if (kept && !kept.synced && kept.seen >= seen) {
    restore(kept);
    seen = kept.seen;
    show('here', saved.dataset.savedHere);
    if (navigator.onLine) send();
    stir();
  } else if (kept && !kept.synced) {
    isAsked = true;
    $('[data-two-devices]').hidden = false;
    $('[data-keep-this]').addEventListener('click', () => { restore(kept); keep(); }, { capture: true });
  }
  drafts.sync(token);

  // This form, and nothing else, opens without a connection too.
  if ('serviceWorker' in navigator) navigator.serviceWorker.register(worker).catch(() => {});
})();
