using System.Text;
using TelemetryHub.Server.Feeds.Publishing;

namespace TelemetryHub.Server.Tests.Feeds.Publishing;

public class TopicPathTests
{
    [Theory]
    [InlineData("/events/plant/1/temp", "plant/1/temp")]
    [InlineData("/events/plant/1/temp?qos=0&x=/y", "plant/1/temp")]
    [InlineData("http://hub.example/events/a/b", "a/b")]
    [InlineData("http://hub.example:8080/events/a/b?x", "a/b")]
    [InlineData("/events/a%2Fb", "a/b")]
    [InlineData("/events/a%252Fb", "a%2Fb")]
    [InlineData("/events/%2525", "%25")]
    [InlineData("/events/a+b", "a+b")]
    [InlineData("/events/a%2bb%23", "a+b#")]
    [InlineData("/events/k%C3%BCche/%E2%82%AC", "küche/€")]
    [InlineData("/events/a%20b", "a b")]
    [InlineData("/events//a", "/a")]
    [InlineData("/events/a/", "a/")]
    [InlineData("/events/a//b", "a//b")]
    [InlineData("/events//", "/")]
    [InlineData("/events/", "")]
    [InlineData("/EVENTS/$x/y", "$x/y")]
    [InlineData("/events/a.b/..c/d..", "a.b/..c/d..")]
    public void The_topic_is_what_stands_in_the_path_decoded_once(string target, string expected)
    {
        TopicPath.TryRead(target, 2, out var topic, out var problem).ShouldBeTrue(problem);

        Encoding.UTF8.GetString(topic!).ShouldBe(expected);
    }

    [Theory]
    [InlineData("/events/100%", "In the path, two hexadecimal digits have to follow a '%'.")]
    [InlineData("/events/a%2", "In the path, two hexadecimal digits have to follow a '%'.")]
    [InlineData("/events/%zz", "In the path, two hexadecimal digits have to follow a '%'.")]
    [InlineData("/events/a/../b", "A topic with a level '.' or '..' cannot stand in a path; POST it to /events as a line of JSON.")]
    [InlineData("/events/%2e", "A topic with a level '.' or '..' cannot stand in a path; POST it to /events as a line of JSON.")]
    [InlineData("/events/a%2F%2e%2E", "A topic with a level '.' or '..' cannot stand in a path; POST it to /events as a line of JSON.")]
    [InlineData("/../events/a", "The path has to be /events/ and the topic.")]
    [InlineData("/./events/a", "The path has to be /events/ and the topic.")]
    [InlineData("/events", "The path has to be /events/ and the topic.")]
    [InlineData("http://hub.example", "The path has to be /events/ and the topic.")]
    [InlineData("*", "The path has to be /events/ and the topic.")]
    public void A_path_that_programs_on_the_way_may_read_otherwise_is_refused(string target, string expected)
    {
        TopicPath.TryRead(target, 2, out _, out var problem).ShouldBeFalse();

        problem.ShouldBe(expected);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_left_to_the_check_of_topics()
    {
        TopicPath.TryRead("/events/%ff%00", 2, out var topic, out _).ShouldBeTrue();

        topic.ShouldBe([0xff, 0]);
    }
}
