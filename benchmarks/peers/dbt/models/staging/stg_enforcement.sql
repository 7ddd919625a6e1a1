select *, body as series from ({{ in_force('enforcement', 'f.district') }}) own
