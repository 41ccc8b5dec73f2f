// Comfort only: everything can be read without this. It keeps the language in the address, opens what a link leads to, searches, and opens
// everything for the printer where the browser does not do so by itself.
(function () {
  'use strict';
  var root = document.documentElement;
  root.classList.add('js');

  function all(selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); }

  // The address holds the language and, behind a slash, the place: #ja/f-3.
  function read() {
    var parts = /^#(en|ja)(?:\/(.*))?$/.exec(location.hash);
    if (parts) return { lang: parts[1], place: parts[2] || '' };
    return { lang: '', place: location.hash.slice(1) };
  }
  function write(lang, place) {
    try { history.replaceState(null, '', '#' + lang + (place ? '/' + place : '')); } catch (e) { /* a sandbox without history */ }
  }
  function speak(lang) {
    document.getElementById('lang-' + lang).checked = true;
    root.lang = lang;
  }
  function reveal(id) {
    var target = id ? document.getElementById(id) : null;
    if (!target) return;
    for (var node = target; node; node = node.parentElement) if (node.tagName === 'DETAILS') node.open = true;
    target.scrollIntoView();
  }
  function follow() {
    var now = read();
    if (now.lang) speak(now.lang);
    reveal(now.place);
    if (!now.lang) if (now.place) write(root.lang, now.place);
  }
  all('input[name="lang"]').forEach(function (input) {
    input.addEventListener('change', function () { speak(input.value); write(input.value, read().place); });
    if (input.checked) root.lang = input.value;
  });
  addEventListener('hashchange', follow);
  follow();

  // A second click on the link to where one already is.
  document.addEventListener('click', function (event) {
    var link = event.target.closest ? event.target.closest('a[href^="#"]') : null;
    if (link) reveal(link.getAttribute('href').slice(1));
  });

  var sections = '#documents details, #objectives details';
  function openAll(open) { return function () { all(sections).forEach(function (d) { d.open = open; }); }; }
  document.getElementById('expand').addEventListener('click', openAll(true));
  document.getElementById('collapse').addEventListener('click', openAll(false));

  all('.filter input').forEach(function (box) {
    function apply() { root.classList.toggle('hide-' + box.value, !box.checked); }
    box.addEventListener('change', apply);
    apply();
  });

  var search = document.getElementById('search');
  search.addEventListener('input', function () {
    var wanted = search.value.trim().toLowerCase();
    all('.item').forEach(function (item) {
      var hit = !wanted || item.firstElementChild.textContent.toLowerCase().indexOf(wanted) !== -1;
      item.classList.toggle('no-match', !hit);
    });
    all('#documents .group, #objectives .group').forEach(function (group) {
      var hits = !wanted || group.querySelector('.item:not(.no-match)') !== null;
      group.classList.toggle('no-match', !hits);
      if (wanted) group.open = hits;
    });
  });

  var opened = [];
  addEventListener('beforeprint', function () {
    opened = all('details:not([open])');
    opened.forEach(function (d) { d.open = true; });
  });
  addEventListener('afterprint', function () { opened.forEach(function (d) { d.open = false; }); });
})();
