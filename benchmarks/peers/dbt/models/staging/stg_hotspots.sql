select *, body as series from ({{ in_force('hotspots', 'f.district') }}) own
