// The main branch is at the root of the site, each release in a folder of its own. versions.json tells which there are.
async function offerVersions() {
  const home = new URL(document.querySelector('meta[name="docfx:rel"]').content || '.', location.href)
  const { version, root, releases } = await (await fetch(new URL('versions.json', home))).json()
  if (releases.length === 0) {
    return
  }

  const choice = document.createElement('select')
  choice.id = 'version'
  choice.className = 'form-select form-select-sm'
  choice.ariaLabel = 'Version'
  for (const one of ['main', ...releases]) {
    choice.add(new Option(one, one, one === version, one === version))
  }

  choice.addEventListener('change', async () => {
    const there = new URL(choice.value === 'main' ? root || '.' : `${root}${choice.value}/`, home)
    const same = new URL(location.pathname.slice(home.pathname.length), there)
    const answer = await fetch(same, { method: 'HEAD' })
    location.assign(answer.ok ? same : there)
  })
  document.querySelector('.navbar-brand').after(choice)
}

export default {
  defaultTheme: 'auto',
  start: () => { offerVersions() },
}
