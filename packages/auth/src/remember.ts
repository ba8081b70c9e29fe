/** Sets a value as the most recent one, and forgets the oldest beyond `max`: servers, not users, decide how many there are. */
export function remember<K, V>(map: Map<K, V>, key: K, value: V, max = 1000): void {
  map.delete(key)
  map.set(key, value)
  if (map.size > max) map.delete(map.keys().next().value!)
}
