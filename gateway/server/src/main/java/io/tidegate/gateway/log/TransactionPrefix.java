package io.tidegate.gateway.log;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How much of what has gathered may be committed without cutting a {@link Transaction} in two. */
final class TransactionPrefix {

    private TransactionPrefix() {}

    /** The length of the longest prefix in which every transaction is complete; order is kept, so the rest waits. */
    static int prefix(List<EventLog.Append> gathered) {
        Map<Long, Integer> missing = new HashMap<>();
        int complete = 0;
        for (int i = 0; i < gathered.size(); i++) {
            gathered.get(i).transaction().ifPresent(transaction -> count(transaction, missing));
            if (missing.isEmpty()) {
                complete = i + 1;
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
