/**
 * Columns of a console's table and its search, from `path: title`. The shape is that of the public plugins.
 */
export function tableView(columns: Readonly<Record<string, string>>): object {
  const fields = Object.entries(columns).map(([key, name]) => ({ type: 'text', key, name, options: {} }))
  const search = [{ key: 'name', name: 'Name' }, ...fields.map(({ key, name }) => ({ key, name }))]
  const layout = { name: '', type: 'query-search-table', options: { fields } }
  return { view: { search, table: { layout }, sub_data: { layouts: [] }, widget: [] } }
}
