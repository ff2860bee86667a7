package io.tidegate.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreePortTest {

    @Test
    void none_is_given_twice_nor_taken_by_an_outgoing_connection() {
        Set<Integer> given = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            assertThat(given.add(FreePort.next())).isTrue();
        }

        assertThat(given).allMatch(port -> port >= 20_000 && port < 32_000);
    }

    @Test
    void one_that_somebody_listens_on_is_left_out() throws IOException {
        try (ServerSocket taken = new ServerSocket(FreePort.next() + 1, 1, InetAddress.getLoopbackAddress())) {
            assertThat(FreePort.next()).isNotEqualTo(taken.getLocalPort());
        }
    }

    @Test
    void another_jvm_that_begins_at_the_same_port_gets_another(@TempDir Path folder) {
        int mine = FreePort.next();

        try (Program other = Program.java(folder, "other", Other.class, String.valueOf(mine))) {
            assertThat(other.await(60)).as(other.output()).isZero();
            assertThat(other.output()).isEqualTo("false\n");
        }
    }

    /** Says whether it could claim the port. */
    static final class Other {
        public static void main(String[] arguments) throws IOException {
            System.out.println(FreePort.claim(Integer.parseInt(arguments[0])));
        }
    }
}
