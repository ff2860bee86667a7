package io.tidegate.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.harness.FreePort;
import io.tidegate.harness.HttpPage;
import io.tidegate.harness.Program;
import io.tidegate.protocol.v1.Request;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Syslog to the gateway, with everything real but the broker; nginx and rsyslog where they are installed. */
class SyslogIngestTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HEADER = "<190>1 2026-11-23T13:00:01Z web1 nginx - - - ";

    private final FakeBroker broker = new FakeBroker();
    private final int port = FreePort.next();

    @TempDir
    private Path folder;

    @Test
    void messages_over_udp_and_tcp_are_events_and_what_is_none_is_a_dead_letter_that_says_whose() throws Exception {
        try (RunningGateway gateway = start("max-message = 1000")) {
            awaitListening(gateway);
            udp(HEADER + line("/udp"), "<190>Nov 23 13:00:01 web2 nginx: www.example.org " + line("/old"), "hello");
            String counted = HEADER + line("/counted");
            tcp(HEADER + line("/line") + "\n" + counted.length() + " " + counted + HEADER + "no line of a log\n"
                    + HEADER + "x".repeat(1000) + "\n12x");

            awaitLedger(gateway, 8);
            assertThat(gateway.requests())
                    .extracting(request -> request.getHost() + request.getPath())
                    .containsExactlyInAnyOrder("web1/udp", "www.example.org/old", "web1/line", "web1/counted");
            List<String> letters = new ArrayList<>();
            for (JsonNode letter :
                    JSON.readTree(gateway.get("/deadletters").body()).get("deadLetters")) {
                assertThat(letter.get("source").asText()).isEqualTo("syslog");
                letters.add(letter.get("origin").asText() + " "
                        + letter.get("reason").asText() + " "
                        + letter.get("length").asInt());
            }
            assertThat(letters)
                    .containsExactlyInAnyOrder(
                            "udp 127.0.0.1 invalid-syslog 5",
                            "tcp 127.0.0.1 invalid-line 16",
                            "tcp 127.0.0.1 payload-too-large " + (1000 + HEADER.length()),
                            "tcp 127.0.0.1 invalid-syslog 3");
            assertThat(gateway.get("/metrics").body())
                    .contains(
                            "tidegate_source_connected{source=\"syslog\"} 1.0",
                            "tidegate_syslog_connections{source=\"syslog\"}",
                            "tidegate_syslog_dropped_datagrams_total{source=\"syslog\"} 0.0");
        }
    }

    @Test
    void what_stands_in_front_of_a_line_in_a_message_is_taken_off() throws Exception {
        try (RunningGateway gateway = start("strip = timestamp")) {
            awaitListening(gateway);
            tcp(HEADER + "2026-11-23T13:00:01.5Z " + line("/a") + "\n" + HEADER + line("/b") + "\n");

            awaitLedger(gateway, 2);
            assertThat(gateway.requests())
                    .extracting(request -> request.getHost() + request.getPath())
                    .containsExactly("web1/a");
            assertThat(gateway.get("/deadletters").body()).contains("expected: a time such as");
        }
    }

    @Test
    void what_was_sent_before_a_stop_is_there_after_a_restart() throws Exception {
        int count = 100; // of datagrams, fewer than the kernel holds while nobody reads
        RunningGateway gateway = start("");
        try (gateway) {
            awaitListening(gateway);
            udp(IntStream.range(0, count)
                    .mapToObj(i -> HEADER + line("/udp/" + i))
                    .toArray(String[]::new));
            tcp(String.join(
                    "",
                    IntStream.range(0, count)
                            .mapToObj(i -> HEADER + line("/tcp/" + i) + "\n")
                            .toList()));
        }
        try (RunningGateway again = start("")) {
            assertThat(again.requests())
                    .extracting(Request::getPath)
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 2 * count)
                            .mapToObj(i -> (i % 2 == 0 ? "/udp/" : "/tcp/") + i / 2)
                            .toList());
        }
    }

    @Test
    void a_port_that_somebody_else_has_is_told_and_taken_when_it_is_free() throws Exception {
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                RunningGateway gateway = start("")) {
            assertThat(gateway.get("/readyz").body()).contains("source syslog: 127.0.0.1:" + port, "in use");
            other.close();

            awaitListening(gateway);
            tcp(HEADER + line("/a") + "\n");
            awaitLedger(gateway, 1);
        }
    }

    @Test
    void nginx_logs_to_it() throws Exception {
        Optional<Path> nginx = Program.installed("nginx");
        assumeTrue(nginx.isPresent(), "nginx is installed");
        int web = FreePort.next();
        Path configuration = Files.writeString(folder.resolve("nginx.conf"), """
                daemon off;
                master_process off;
                pid %1$s/nginx.pid;
                error_log stderr;
                events {}
                http {
                  client_body_temp_path %1$s/body;
                  proxy_temp_path %1$s/proxy;
                  fastcgi_temp_path %1$s/fastcgi;
                  uwsgi_temp_path %1$s/uwsgi;
                  scgi_temp_path %1$s/scgi;
                  access_log syslog:server=127.0.0.1:%2$d,tag=nginx combined;
                  server { listen 127.0.0.1:%3$d; location / { return 200 "ok"; } }
                }
                """.formatted(folder, port, web));
        try (RunningGateway gateway = start("");
                Program server = Program.start(
                        folder,
                        "nginx",
                        List.of(nginx.get().toString(), "-c", configuration.toString(), "-p", folder.toString()))) {
            awaitListening(gateway);
            await(server.output()).until(() -> HttpPage.get(web, "/0").isPresent());
            for (int i = 1; i < 50; i++) {
                assertThat(HttpPage.get(web, "/" + i)).isPresent();
            }

            awaitLedger(gateway, 50);
            assertThat(gateway.requests())
                    .extracting(Request::getPath)
                    .containsExactlyElementsOf(
                            IntStream.range(0, 50).mapToObj(i -> "/" + i).toList());
            assertThat(gateway.requests())
                    .allMatch(request -> request.getStatus() == 200
                            && request.getBytes() == 2
                            && request.getClient().equals("127.0.0.1")
                            && !request.getHost().isEmpty());
        }
    }

    @Test
    void rsyslog_forwards_a_file_over_tcp_in_both_framings_and_over_udp() throws Exception {
        Optional<Path> rsyslog = Program.installed("rsyslogd");
        assumeTrue(rsyslog.isPresent(), "rsyslog is installed");
        Path log = Files.writeString(folder.resolve("access.log"), "");
        Path configuration = Files.writeString(folder.resolve("rsyslog.conf"), """
                global(workDirectory="%1$s" localHostname="web9" maxMessageSize="64k")
                module(load="imfile")
                input(type="imfile" file="%1$s/access.log" tag="access:" ruleset="forward")
                ruleset(name="forward") {
                  action(type="omfwd" target="127.0.0.1" port="%2$d" protocol="tcp"
                         TCP_Framing="octet-counted" template="RSYSLOG_SyslogProtocol23Format")
                  action(type="omfwd" target="127.0.0.1" port="%2$d" protocol="tcp")
                  action(type="omfwd" target="127.0.0.1" port="%2$d" protocol="udp" template="RSYSLOG_ForwardFormat")
                }
                """.formatted(folder, port));
        try (RunningGateway gateway = start("");
                Program forwarder = Program.start(
                        folder,
                        "rsyslog",
                        List.of(
                                rsyslog.get().toString(),
                                "-n",
                                "-f",
                                configuration.toString(),
                                "-i",
                                folder.resolve("rsyslog.pid").toString()))) {
            awaitListening(gateway);
            List<String> lines =
                    IntStream.range(0, 500).mapToObj(i -> line("/" + i)).toList();
            Files.write(log, lines, StandardOpenOption.APPEND);

            awaitLedger(gateway, 1500);
            assertThat(gateway.get("/deadletters").body())
                    .as(forwarder.output())
                    .contains("\"deadLetters\":[]");
            assertThat(gateway.requests())
                    .extracting(request -> request.getHost() + request.getPath())
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 1500)
                            .mapToObj(i -> "web9/" + i % 500)
                            .toList());
        }
    }

    private static void awaitListening(RunningGateway gateway) {
        await().until(() -> gateway.get("/readyz").statusCode() == 200);
    }

    /** Received is what became of it, and nothing is left over. */
    private static void awaitLedger(RunningGateway gateway, long received) {
        await().untilAsserted(() -> {
            JsonNode source = JSON.readTree(gateway.get("/ledger").body()).at("/sources/0");
            assertThat(source.at("/received").asLong()).isEqualTo(received);
            assertThat(source.at("/logged").asLong()
                            + source.at("/deadLettered").asLong())
                    .isEqualTo(received);
            assertThat(source.at("/residual").asLong()).isZero();
        });
    }

    private RunningGateway start(String more) throws Exception {
        return RunningGateway.start(
                folder,
                broker,
                "sources = [{ name = syslog, kind = syslog, port = " + port + ", " + more + " }]\n"
                        + "presence.enabled = false");
    }

    private void udp(String... messages) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            for (String message : messages) {
                byte[] bytes = message.getBytes(UTF_8);
                socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), port));
            }
        }
    }

    private void tcp(String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(text.getBytes(UTF_8));
        }
    }

    private static String line(String path) {
        return "192.0.2.1 - - [17/May/2015:10:05:03 +0000] \"GET " + path + " HTTP/1.1\" 200 5";
    }
}
