import { Feed } from '../src/model/feed';
import type { RunEvent } from '../src/tokens/wire';
import { anEvent } from './samples';

function follow(feed: Feed) {
  const told: number[] = [];
  let stale = 0;
  feed.event.connect((_, event) => told.push(event.seq));
  feed.stale.connect(() => (stale += 1));
  return { told, stale: () => stale };
}

const at = (seq: number, second = seq): RunEvent =>
  anEvent({ seq, at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString() });

describe('Feed', () => {
  it('passes on what comes in order and calls nothing stale', () => {
    const feed = new Feed();
    const { told, stale } = follow(feed);
    [7, 8, 9].forEach(seq => feed.take(at(seq)));
    expect(told).toEqual([7, 8, 9]);
    expect(stale()).toBe(0);
  });

  it('says that rows are stale after a gap, and passes the later event on all the same', () => {
    const feed = new Feed();
    const { told, stale } = follow(feed);
    [7, 9].forEach(seq => feed.take(at(seq)));
    expect(told).toEqual([7, 9]);
    expect(stale()).toBe(1);
  });

  it('drops an event that was told before', () => {
    const feed = new Feed();
    const { told, stale } = follow(feed);
    [7, 8, 7, 8].forEach(seq => feed.take(at(seq)));
    expect(told).toEqual([7, 8]);
    expect(stale()).toBe(0);
  });

  it('starts over when a new store counts from the beginning again', () => {
    const feed = new Feed();
    const { told, stale } = follow(feed);
    feed.take(at(500, 10));
    feed.take(at(1, 11));
    feed.take(at(2, 12));
    expect(told).toEqual([500, 1, 2]);
    expect(stale()).toBe(1);
  });

  it('calls everything stale after a lost connection', () => {
    const feed = new Feed();
    const { stale } = follow(feed);
    feed.lost();
    expect(stale()).toBe(1);
  });
});
