using Microsoft.Extensions.Logging;
using TelemetryHub.Server.Configuration;
using TelemetryHub.Server.Configuration.Kinds;
using TelemetryHub.Server.Journaling;
using TelemetryHub.Server.Logging;

namespace TelemetryHub.Server.Tests.Configuration;

public class KindTests
{
    [Theory]
    [InlineData("127.0.0.1:1883", "127.0.0.1:1883")]
    [InlineData("localhost:0", "127.0.0.1:0")]
    [InlineData("[::1]:1883", "[::1]:1883")]
    [InlineData(" 127.0.0.1:1 ; [::]:65535 ;", "127.0.0.1:1;[::]:65535")]
    [InlineData("127.0.0.1:0;127.0.0.1:0", "127.0.0.1:0;127.0.0.1:0")]
    [InlineData("", "")]
    public void Addresses_are_read(string text, string expected) => Read<ListenList>(text).ToString().ShouldBe(expected);

    [Theory]
    [InlineData("1883")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("1:1883")]
    [InlineData("::1:1883")]
    [InlineData("[127.0.0.1]:1883")]
    [InlineData("example.com:1883")]
    [InlineData(":1883")]
    [InlineData("*:1883")]
    public void Wrong_addresses_are_told_the_right_form(string text) =>
        Problem<ListenList>(text).ShouldStartWith("is not address:port");

    [Fact]
    public void The_same_address_twice_is_a_mistake() =>
        Problem<ListenList>("127.0.0.1:1883;127.0.0.1:1883").ShouldBe("names 127.0.0.1:1883 twice");

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1000", 1000)]
    [InlineData("1KiB", 1024)]
    [InlineData("64 MiB", 64L << 20)]
    [InlineData("4gib", 4L << 30)]
    [InlineData("2TiB", 2L << 40)]
    public void Bytes_are_read(string text, long expected) => Read<ByteSize>(text).Bytes.ShouldBe(expected);

    [Theory]
    [InlineData("")]
    [InlineData("MiB")]
    [InlineData("-1")]
    [InlineData("1.5MiB")]
    [InlineData("64MB")]
    [InlineData("9999999TiB")]
    [InlineData("9223372036854775808")]
    public void Wrong_bytes_are_refused(string text) => Problem<ByteSize>(text).ShouldContain("bytes");

    [Theory]
    [InlineData("0", 0)]
    [InlineData("250ms", 250)]
    [InlineData("10s", 10_000)]
    [InlineData("5m", 300_000)]
    [InlineData("24h", 86_400_000)]
    [InlineData("7D", 604_800_000)]
    public void Durations_are_read(string text, long milliseconds) => Read<TimeSpan>(text).TotalMilliseconds.ShouldBe(milliseconds);

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("-1s")]
    [InlineData("s")]
    [InlineData("00:00:10")]
    [InlineData("99999999999999d")]
    public void Wrong_durations_are_refused(string text) => Problem<TimeSpan>(text).ShouldNotBeNullOrEmpty();

    [Theory]
    [InlineData("information", LogLevel.Information)]
    [InlineData("Warning", LogLevel.Warning)]
    public void Words_are_read_in_any_case(string text, LogLevel expected) => Read<LogLevel>(text).ShouldBe(expected);

    [Theory]
    [InlineData("2")]
    [InlineData("")]
    [InlineData("text,json")]
    public void Numbers_and_unknown_words_are_no_choice(string text) => Problem<LogFormat>(text).ShouldBe("is none of text, json");

    [Theory]
    [InlineData("yes")]
    [InlineData("1")]
    public void A_switch_is_true_or_false(string text) => Problem<bool>(text).ShouldBe("is neither true nor false");

    [Theory]
    [InlineData("1.0")]
    [InlineData("1,000")]
    [InlineData("2147483648")]
    public void A_number_is_whole(string text) => Problem<int>(text).ShouldBe("is not a whole number");

    [Fact]
    public void Lists_are_split_at_semicolons() => Read<IReadOnlyList<string>>("a; b;").ShouldBe(["a", "b"]);

    [Theory]
    [InlineData("", "")]
    [InlineData("#=memory", "#=memory")]
    [InlineData(" plant/+/alarm = Synced ; #=flushed;", "plant/+/alarm=synced;#=flushed")]
    [InlineData("a=b/c=synced", "a=b/c=synced")]
    public void Levels_by_topic_are_read(string text, string expected) => Read<AcknowledgeRules>(text).ToString().ShouldBe(expected);

    [Theory]
    [InlineData("a;b=synced", "has no level for 'a' (filter=level, several with ';' between: plant/+/alarm=synced;#=memory)")]
    [InlineData("a/#/b=synced", "says 'a/#/b' where a topic filter is expected (plant/+/alarm, plant/#, #)")]
    [InlineData("=synced", "says '' where a topic filter is expected (plant/+/alarm, plant/#, #)")]
    [InlineData("$share/g/a=synced", "says '$share/g/a' where a topic filter is expected (plant/+/alarm, plant/#, #)")]
    [InlineData("a=disk", "says 'disk' for 'a', which is none of memory, flushed, synced")]
    [InlineData("a=synced;a=memory", "names the filter 'a' twice")]
    public void Wrong_levels_by_topic_are_refused(string text, string expected) => Problem<AcknowledgeRules>(text).ShouldBe(expected);

    [Fact]
    public void Every_default_is_written_so_that_it_reads_the_same()
    {
        foreach (var key in KnownKeys.OfTheProcess().All)
        {
            key.TryParse(key.Default, out var value, out var problem).ShouldBeTrue($"{key.Name}: {problem}");
            key.Kind.Write(value!).ShouldBe(key.Default);
        }
    }

    private static T Read<T>(string text)
    {
        ValueKind.For(typeof(T)).TryParse(text, out var value, out var problem).ShouldBeTrue(problem);
        return (T)value!;
    }

    private static string Problem<T>(string text)
    {
        ValueKind.For(typeof(T)).TryParse(text, out _, out var problem).ShouldBeFalse();
        return problem!;
    }
}
