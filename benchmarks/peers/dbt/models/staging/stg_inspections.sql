select *, body as series from ({{ in_force('inspections', 'b.area') }}) own
