using System.Text;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Tests.Topics;

public class TopicNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("/")]
    [InlineData("a//b")]
    [InlineData("plant/line 1/température/温度/😀")]
    [InlineData("$SYS/broker/uptime")]
    [InlineData("\u0001\uFFFF\u007F")]
    public void A_name_of_well_formed_text_is_a_topic(string text)
    {
        TopicName.TryParse(text, out var topic).ShouldBeTrue();
        topic.ToString().ShouldBe(text);
        topic.Utf8.SequenceEqual(Encoding.UTF8.GetBytes(text)).ShouldBeTrue();
        topic.Memory.Span.SequenceEqual(topic.Utf8).ShouldBeTrue();
        TopicName.TryParse(topic.Utf8, out var again).ShouldBeTrue();
        (again == topic).ShouldBeTrue();
        again.GetHashCode().ShouldBe(topic.GetHashCode());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/+/b")]
    [InlineData("a/#")]
    [InlineData("a+")]
    [InlineData("#")]
    [InlineData("a\0b")]
    public void Empty_wildcards_and_nul_are_no_topic(string text)
    {
        TopicName.TryParse(text, out var topic).ShouldBeFalse();
        topic.IsEmpty.ShouldBeTrue();
        Should.Throw<FormatException>(() => TopicName.Parse(text));
    }

    // Not as inline data: attributes cannot carry them.
    [Fact]
    public void Lone_surrogates_are_no_topic()
    {
        TopicName.TryParse("\ud800", out _).ShouldBeFalse();
        TopicName.TryParse("a\udc00b", out _).ShouldBeFalse();
        TopicFilter.TryParse("a/\udc00\ud800", out _).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(IllFormedUtf8))]
    public void Ill_formed_utf8_is_no_topic(string hex) => TopicName.IsValid(Convert.FromHexString(hex)).ShouldBeFalse();

    public static TheoryData<string> IllFormedUtf8 => new(
        "80", // a continuation without a start
        "C3", // a start without its continuation
        "C080", // U+0000 written too long
        "C1BF",
        "E0809F", // too long
        "EDA080", // U+D800, a surrogate
        "EDBFBF",
        "F4908080", // above U+10FFFF
        "F8888080",
        "FF",
        "61FE");

    [Fact]
    public void A_name_may_have_65535_bytes_and_no_more()
    {
        TopicName.TryParse(new string('x', 65535), out _).ShouldBeTrue();
        TopicName.TryParse(new string('x', 65536), out _).ShouldBeFalse();
        TopicName.TryParse(new string('é', 32767) + "x", out _).ShouldBeTrue();
        TopicName.TryParse(new string('é', 32768), out _).ShouldBeFalse();
        TopicName.IsValid(Enumerable.Repeat((byte)'x', 65536).ToArray()).ShouldBeFalse();
    }

    [Theory]
    [InlineData("a", 1)]
    [InlineData("a/b/c", 3)]
    [InlineData("/", 2)]
    [InlineData("a//", 3)]
    public void Empty_levels_count(string text, int levels) => TopicName.Parse(text).Levels.ShouldBe(levels);

    [Fact]
    public void A_dollar_sign_makes_a_system_topic_only_in_front()
    {
        TopicName.Parse("$SYS").IsSystem.ShouldBeTrue();
        TopicName.Parse("a/$SYS").IsSystem.ShouldBeFalse();
        default(TopicName).IsSystem.ShouldBeFalse();
    }

    [Fact]
    public void The_default_is_no_topic()
    {
        var none = default(TopicName);
        none.IsEmpty.ShouldBeTrue();
        none.Levels.ShouldBe(0);
        none.Utf8.IsEmpty.ShouldBeTrue();
        none.ToString().ShouldBe("");
        none.ShouldBe(default);
        (none != TopicName.Parse("a")).ShouldBeTrue();
    }

    [Fact]
    public void A_parsed_name_does_not_change_with_the_buffer_it_came_from()
    {
        var buffer = "abc"u8.ToArray();
        TopicName.TryParse(buffer, out var topic).ShouldBeTrue();
        buffer[0] = (byte)'#';
        topic.ToString().ShouldBe("abc");
    }
}
