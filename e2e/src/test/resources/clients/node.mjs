// What a program on @kubernetes/client-node does all day, against the cluster of $KUBECONFIG. Argument: the folder with
// its node_modules. Prints "ok NAME" for each thing done, and ends with 1 and the reason at the first that is not.
import assert from 'node:assert/strict';
import net from 'node:net';
import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';

const k8s = await import(pathToFileURL(`${process.argv[2]}/node_modules/@kubernetes/client-node/dist/index.js`));
const namespace = 'node';
const config = new k8s.KubeConfig();
config.loadFromDefault();
const core = config.makeApiClient(k8s.CoreV1Api);
const configMap = (name, color) => ({ metadata: { name, labels: { made: 'here' } }, data: { color } });

/** Resolves with the first value for which `wanted` holds; `offer` hands in values. */
function awaited(what, wanted) {
  let offer;
  const found = new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not within 20 s: ${what}`)), 20_000);
    offer = (value) => {
      if (wanted(value)) {
        clearTimeout(timer);
        resolve(value);
      }
    };
  });
  return { offer, found };
}


const checks = {
  async 'create, read, replace'() {
    await core.createNamespace({ body: { metadata: { name: namespace } } });
    await core.createNamespacedConfigMap({ namespace, body: configMap('first', 'red') });
    const read = await core.readNamespacedConfigMap({ namespace, name: 'first' });
    read.data.color = 'blue';
    const stale = structuredClone(read);
    const replaced = await core.replaceNamespacedConfigMap({ namespace, name: 'first', body: read });
    assert.equal(replaced.data.color, 'blue');
    assert.ok(replaced.metadata.creationTimestamp instanceof Date);
    await assert.rejects(core.replaceNamespacedConfigMap({ namespace, name: 'first', body: stale }), { code: 409 });
    await assert.rejects(core.readNamespacedConfigMap({ namespace, name: 'none' }), { code: 404 });
  },

  async 'list in pages'() {
    await core.createNamespacedConfigMap({ namespace, body: configMap('second', 'red') });
    const options = { namespace, labelSelector: 'made=here', limit: 1 };
    const one = await core.listNamespacedConfigMap(options);
    // With a selector nobody counts what remains.
    assert.equal(one.metadata.remainingItemCount, undefined);
    const two = await core.listNamespacedConfigMap({ ...options, _continue: one.metadata._continue });
    assert.deepEqual([...one.items, ...two.items].map((item) => item.metadata.name), ['first', 'second']);
  },

  async 'apply on the server'() {
    const objects = k8s.KubernetesObjectApi.makeApiClient(config);
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'applied', namespace }, data: { color: 'red' } };
    const apply = (manager, force) =>
      objects.patch(body, undefined, undefined, manager, force, k8s.PatchStrategy.ServerSideApply);
    await apply('one', false);
    body.data.color = 'blue';
    await assert.rejects(apply('two', false), { code: 409 });
    const forced = await apply('two', true);
    assert.deepEqual(forced.metadata.managedFields.map((entry) => entry.manager), ['two']);
  },

  async watch() {
    const seen = [];
    const deleted = awaited('DELETED', (type) => type === 'DELETED');
    const done = awaited('the end of the watch', () => true);
    const { metadata } = await core.listNamespacedConfigMap({ namespace });
    const abort = await new k8s.Watch(config).watch(
      `/api/v1/namespaces/${namespace}/configmaps`,
      { resourceVersion: metadata.resourceVersion, fieldSelector: 'metadata.name=watched', allowWatchBookmarks: true },
      (type, object) => {
        if (type !== 'BOOKMARK') seen.push(`${type} ${object.data.color}`);
        deleted.offer(type);
      },
      done.offer,
    );
    await core.createNamespacedConfigMap({ namespace, body: configMap('watched', 'red') });
    await core.replaceNamespacedConfigMap({ namespace, name: 'watched', body: configMap('watched', 'blue') });
    await core.deleteNamespacedConfigMap({ namespace, name: 'watched' });
    await deleted.found;
    assert.deepEqual(seen, ['ADDED red', 'MODIFIED blue', 'DELETED blue']);
    abort.abort();
    await done.found;
  },

  async informer() {
    const list = () => core.listNamespacedConfigMap({ namespace, labelSelector: 'made=here' });
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    const informer = k8s.makeInformer(config, path, list, 'made=here');
    const gone = awaited('the informer sees the deletion', (name) => name === 'informed');
    const added = awaited('the informer sees the addition', (name) => name === 'informed');
    const changed = awaited('the informer sees the change', (object) => object.data.color === 'blue');
    const synced = awaited('the informer has what was there', (name) => name === 'second');
    informer.on('add', (object) => [synced, added].forEach((one) => one.offer(object.metadata.name)));
    informer.on('update', changed.offer);
    informer.on('delete', (object) => gone.offer(object.metadata.name));
    await informer.start();
    await synced.found;
    await core.createNamespacedConfigMap({ namespace, body: configMap('informed', 'red') });
    await added.found;
    await core.replaceNamespacedConfigMap({ namespace, name: 'informed', body: configMap('informed', 'blue') });
    await changed.found;
    assert.equal(informer.get('informed', namespace).data.color, 'blue');
    await core.deleteNamespacedConfigMap({ namespace, name: 'informed' });
    await gone.found;
    assert.deepEqual(informer.list(namespace).map((object) => object.metadata.name).sort(), ['first', 'second']);
    await informer.stop();
  },

  async 'a pod becomes ready'() {
    const ready = awaited('the pod is ready', (pod) =>
      pod.status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True'));
    const path = `/api/v1/namespaces/${namespace}/pods`;
    const informer = k8s.makeInformer(config, path, () => core.listNamespacedPod({ namespace }));
    ['add', 'update'].forEach((verb) => informer.on(verb, ready.offer));
    await informer.start();
    const command = ['sh', '-c', 'echo hello; while :; do echo forwarded | nc -l -p 3000; done'];
    await core.createNamespacedPod({
      namespace,
      body: {
        metadata: { name: 'talker' },
        spec: {
          terminationGracePeriodSeconds: 0,
          containers: [{ name: 'main', image: 'default/shell:1', command, resources: { requests: { cpu: '1m' } } }],
        },
      },
    });
    await ready.found;
    await informer.stop();
  },

  async exec() {
    const [out, err] = [new PassThrough(), new PassThrough()];
    const ended = awaited('the command has ended', () => true);
    const socket = await new k8s.Exec(config).exec(
      namespace, 'talker', 'main', ['sh', '-c', 'cat; echo oops >&2; exit 7'], out, err, Readable.from(['told\n']), false,
      ended.offer,
    );
    const first = once(out, 'data');
    const second = once(err, 'data');
    assert.equal(String((await first)[0]), 'told\n');
    assert.equal(String((await second)[0]), 'oops\n');
    const status = await ended.found;
    assert.equal(status.reason, 'NonZeroExitCode', JSON.stringify(status));
    assert.equal(status.details.causes[0].message, '7');
    socket.close();
  },

  async log() {
    assert.equal(await core.readNamespacedPodLog({ namespace, name: 'talker' }), 'hello\n');
    const out = new PassThrough();
    const abort = await new k8s.Log(config).log(namespace, 'talker', 'main', out, { follow: true, tailLines: 1 });
    assert.equal(String((await once(out, 'data'))[0]), 'hello\n');
    abort.abort();
  },

  async 'port-forward'() {
    const forward = new k8s.PortForward(config);
    const server = net.createServer((socket) =>
      forward.portForward(namespace, 'talker', [3000], socket, null, socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = net.connect(server.address().port, '127.0.0.1');
    assert.equal(String((await once(client, 'data'))[0]), 'forwarded\n');
    client.destroy();
    server.close();
  },

  async 'delete'() {
    await core.deleteNamespacedPod({ namespace, name: 'talker' });
    await core.deleteCollectionNamespacedConfigMap({ namespace, labelSelector: 'made=here' });
    const left = await core.listNamespacedConfigMap({ namespace });
    assert.ok(left.items.every((item) => item.metadata.labels?.made !== 'here'));
  },
};

for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`ok ${name}`);
  } catch (error) {
    console.error(`${name}: ${error.stack ?? error}`);
    process.exit(1);
  }
}
process.exit(0);
