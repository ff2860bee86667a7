package io.tidegate.gateway.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.http.BearerTokens;
import io.tidegate.gateway.http.Reply;
import io.tidegate.gateway.ingest.http.IdempotencyCache.Entry;
import io.tidegate.gateway.log.StateUpdate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class IdempotencyCacheTest {

    private static final int MOST = 3;
    private static final Reply REPLY = new Reply(202, Reply.JSON_TYPE, "{\"received\":1}\n");

    private static final int MOST_BYTES = 64 << 10;

    private final HttpIngestSettings settings = new HttpIngestSettings(
            1,
            1,
            1,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            MOST,
            MOST_BYTES,
            Duration.ofMillis(100),
            new BearerTokens(List.of()));
    private final IdempotencyCache answers = new IdempotencyCache(settings, Map.of());
    // What the log holds.
    private final Map<String, byte[]> stored = new TreeMap<>();

    @Test
    void no_more_than_so_many_are_remembered_here_and_in_the_log() {
        for (int i = 0; i < 10; i++) {
            answer("k" + i, 1000 + i);
        }

        assertThat(answers.size()).isEqualTo(MOST);
        assertThat(stored.keySet()).containsExactly("k7", "k8", "k9");
    }

    @Test
    void no_more_than_so_many_bytes_are_remembered_and_the_oldest_go_first() {
        // Two of 30,000 bytes are fewer than 65,536, with one of 5,000 they are more than those, with 300 for each of
        // them.
        answer("a", 1000, large(30_000));
        answer("b", 1001, large(30_000));
        assertThat(stored.keySet()).containsExactly("a", "b");

        answer("c", 1002, large(5_000));
        assertThat(stored.keySet()).containsExactly("b", "c");

        IdempotencyCache restarted = new IdempotencyCache(settings, stored);
        Entry next = new Entry("d", 7);
        assertThat(restarted.claim(next)).isEmpty();
        assertThat(restarted.remember(next, large(40_000), 1003))
                .extracting(StateUpdate::key)
                .containsExactly(IdempotencyCache.KEY_PREFIX + "b", IdempotencyCache.KEY_PREFIX + "d");
    }

    @Test
    void an_answer_that_is_larger_than_all_may_be_is_remembered_alone() {
        answer("a", 1000, REPLY);
        answer("b", 1001, large(MOST_BYTES));
        assertThat(stored.keySet()).containsExactly("b");

        answer("c", 1002, REPLY);
        assertThat(stored.keySet()).containsExactly("c");
    }

    @Test
    void none_is_remembered_longer_than_said() {
        answer("old", 1000);
        answer("young", 1050);
        answer("new", 1120);

        assertThat(stored.keySet()).containsExactly("new", "young");
    }

    @Test
    void what_the_log_has_is_known_after_a_restart_in_its_order() {
        answer("b", 1000);
        answer("a", 1010);
        answer("c", 1020);

        IdempotencyCache restarted = new IdempotencyCache(settings, stored);

        Entry known = restarted.claim(new Entry("a", 7)).orElseThrow();
        assertThat(known.answer().join()).isEqualTo(REPLY);
        assertThat(known.content()).isEqualTo(7);
        Entry next = new Entry("d", 7);
        assertThat(restarted.claim(next)).isEmpty();
        assertThat(restarted.remember(next, REPLY, 1030))
                .extracting(StateUpdate::key)
                .containsExactly(IdempotencyCache.KEY_PREFIX + "b", IdempotencyCache.KEY_PREFIX + "d");
    }

    @Test
    void a_key_is_taken_while_its_request_is_under_way_and_free_when_that_was_refused() {
        Entry first = new Entry("k", 7);
        assertThat(answers.claim(first)).isEmpty();
        assertThat(answers.claim(new Entry("k", 7))).containsSame(first);

        answers.release(first);

        assertThat(answers.claim(new Entry("k", 7))).isEmpty();
    }

    private static Reply large(int characters) {
        return new Reply(400, Reply.JSON_TYPE, "x".repeat(characters));
    }

    private void answer(String key, long nowMs) {
        answer(key, nowMs, REPLY);
    }

    private void answer(String key, long nowMs, Reply reply) {
        Entry entry = new Entry(key, 7);
        assertThat(answers.claim(entry)).isEmpty();
        List<StateUpdate> state = answers.remember(entry, reply, nowMs);
        for (StateUpdate update : state) {
            String name = update.key().substring(IdempotencyCache.KEY_PREFIX.length());
            byte[] value = update.value();
            if (value == null) {
                stored.remove(name);
            } else {
                stored.put(name, value);
            }
        }
    }
}
