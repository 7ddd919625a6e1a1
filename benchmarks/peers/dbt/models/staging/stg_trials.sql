select *, body as series from ({{ in_force('trials', 'f.district') }}) own
