package io.tidegate.gateway.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.junit.Seed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransactionTest {

    @Test
    void a_commit_never_cuts_a_transaction_in_two_and_never_waits_without_need() {
        Random random = Seed.of("transactions").random();
        for (int round = 0; round < 2000; round++) {
            List<LogWrite> gathered = new ArrayList<>();
            List<Transaction> left = new ArrayList<>();
            int transactions = random.nextInt(4);
            for (int id = 0; id < transactions; id++) {
                int members = 1 + random.nextInt(3);
                for (int i = 0; i < members; i++) {
                    left.add(Transaction.member(id, members));
                }
            }
            int sent = left.isEmpty() ? 0 : random.nextInt(left.size() + 1);
            for (int i = 0; i < sent; i++) {
                Transaction next = left.remove(random.nextInt(left.size()));
                if (random.nextInt(3) == 0) {
                    gathered.add(append(Optional.of(next.andMore())));
                }
                gathered.add(append(Optional.of(next)));
                if (random.nextInt(3) == 0) {
                    gathered.add(append(Optional.empty()));
                }
            }

            int expected = 0;
            for (int cut = 1; cut <= gathered.size(); cut++) {
                if (isWhole(gathered.subList(0, cut))) {
                    expected = cut;
                }
            }
            assertThat(TransactionPrefix.length(gathered.stream().map(LogWrite::transaction)))
                    .isEqualTo(expected);
        }
    }

    /** Whether of each transaction that appears all members have sent their last append. */
    private static boolean isWhole(List<LogWrite> commit) {
        Set<Long> seen = new HashSet<>();
        commit.forEach(append -> append.transaction().ifPresent(transaction -> seen.add(transaction.id())));
        return seen.stream().allMatch(id -> {
            List<Transaction> its = commit.stream()
                    .flatMap(append -> append.transaction().stream())
                    .filter(transaction -> transaction.id() == id)
                    .toList();
            return its.stream().filter(Transaction::last).count() == its.get(0).members();
        });
    }

    @Test
    void marks_are_there_after_a_restart_until_they_are_forgotten(@TempDir Path folder) throws Exception {
        try (LogStore store = LogFixture.open(folder)) {
            store.append(List.of(state(update("a/1", "x"), update("a/2", "y"), update("b/1", "z"))));
            store.append(List.of(state(new StateUpdate("a/1", null), update("a/2", "w"))));
        }

        try (LogStore store = LogFixture.open(folder)) {
            Map<String, byte[]> found = store.state("a/");
            assertThat(found).containsOnlyKeys("2");
            assertThat(found.get("2")).isEqualTo("w".getBytes(UTF_8));
            assertThat(store.state("b/")).containsOnlyKeys("1");
            assertThat(store.state("c/")).isEmpty();
        }
    }

    private static StateUpdate update(String key, String value) {
        return new StateUpdate(key, value.getBytes(UTF_8));
    }

    private static LogWrite state(StateUpdate... state) {
        return append(List.of(state), Optional.empty());
    }

    private static LogWrite append(Optional<Transaction> transaction) {
        return append(List.of(), transaction);
    }

    private static LogWrite append(List<StateUpdate> state, Optional<Transaction> transaction) {
        return new LogWrite("http", Tally.ZERO, Optional.empty(), List.of(), List.of(), state, transaction);
    }
}
