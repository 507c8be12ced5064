using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using TelemetryHub.Server.Hosting;
using TelemetryHub.Server.Page;

namespace TelemetryHub.Server.Tests.Page;

public partial class BuiltInPageTests
{
    [Fact]
    public async Task The_page_and_all_that_it_names_are_served_and_may_load_nothing_else()
    {
        await using var hub = await PageHub.StartAsync(app => app.MapTelemetryHub().MapTelemetryHubPage());
        var page = await hub.Browser.GetStringAsync("/", TestContext.Current.CancellationToken);
        var script = await hub.Browser.GetStringAsync("/page/page.js", TestContext.Current.CancellationToken);
        var parts = Link().Matches(page).Select(link => "/" + link.Groups[1].Value)
            .Concat(Import().Matches(script).Select(import => "/page/" + import.Groups[1].Value)).ToList();

        parts.Count.ShouldBeGreaterThan(4);
        foreach (var path in parts.Append("/"))
        {
            using var answer = await hub.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
            answer.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'self'; ");
            answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
            answer.Headers.CacheControl!.NoCache.ShouldBeTrue();
            answer.Headers.ETag.ShouldNotBeNull();
        }
    }

    [Fact]
    public void Nothing_in_the_page_is_inline_or_from_elsewhere()
    {
        var folder = Path.Combine(Repository.Root, "src/dashboard/page");
        var page = File.ReadAllText(Path.Combine(folder, "index.html"));
        Regex.Matches(page, @"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=|javascript:").ShouldBeEmpty();
        foreach (var file in Directory.GetFiles(folder))
            Regex.Matches(File.ReadAllText(file), @"(src|href)=""?(https?:)?//|url\(|innerHTML|insertAdjacentHTML|\beval\b").ShouldBeEmpty(file);
    }

    [Fact]
    public async Task An_application_that_did_not_ask_for_the_page_keeps_its_own()
    {
        await using var hub = await PageHub.StartAsync(app =>
        {
            app.MapTelemetryHub();
            app.MapGet("/", (HttpContext context) => context.Response.WriteAsync("mine"));
        });

        (await hub.Browser.GetStringAsync("/", TestContext.Current.CancellationToken)).ShouldBe("mine");
    }

    [GeneratedRegex("(?:src|href)=\"([^\"]+)\"")]
    private static partial Regex Link();

    [GeneratedRegex("from \"\\./([^\"]+)\"")]
    private static partial Regex Import();
}
