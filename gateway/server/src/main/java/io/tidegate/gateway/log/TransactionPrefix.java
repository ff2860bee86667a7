package io.tidegate.gateway.log;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** How much of what has gathered may be committed without cutting a {@link Transaction} in two. */
final class TransactionPrefix {

    private TransactionPrefix() {}

    /**
     * The length of the longest prefix in which every transaction is complete; order is kept, so the rest waits.
     *
     * @param gathered the transaction of each append, in order
     */
    static int length(Stream<Optional<Transaction>> gathered) {
        Map<Long, Integer> missing = new HashMap<>();
        int length = 0;
        int complete = 0;
        for (Iterator<Optional<Transaction>> each = gathered.iterator(); each.hasNext(); ) {
            each.next().ifPresent(transaction -> count(transaction, missing));
            length++;
            if (missing.isEmpty()) {
                complete = length;
            }
        }
        return complete;
    }

    private static void count(Transaction transaction, Map<Long, Integer> missing) {
        missing.putIfAbsent(transaction.id(), transaction.members());
        if (transaction.last()) {
            missing.computeIfPresent(transaction.id(), (id, left) -> left == 1 ? null : left - 1);
        }
    }
}
