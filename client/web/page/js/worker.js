// worker: the SharedWorker of all tabs of this browser; see stream.js.

import { Hub } from './stream.js';

const hub = new Hub();
hub.start();

self.addEventListener('connect', (event) => {
	const channel = event.ports[0];
	const port = { post: (message) => channel.postMessage(message) };
	channel.addEventListener('message', (e) => hub.receive(port, e.data));
	channel.start();
	hub.add(port);
});
