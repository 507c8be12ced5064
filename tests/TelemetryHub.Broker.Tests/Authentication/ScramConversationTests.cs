using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Broker.Authentication;

namespace TelemetryHub.Broker.Tests.Authentication;

public class ScramConversationTests
{
    private static readonly ScramFile Users = ScramFile.Parse([Line("user", "pencil"), Line("a,b=c", "pencil")], "users");

    [Fact]
    public void The_example_of_rfc_7677_holds()
    {
        var conversation = new ScramConversation(Users, "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");
        ScramResult first = conversation.Next("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"u8);
        Text(first).ShouldBe("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
        first.Status.ShouldBe(ScramStatus.Continue);

        ScramResult final = conversation.Next(
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="u8);
        final.Status.ShouldBe(ScramStatus.Succeeded);
        Text(final).ShouldBe("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
        conversation.User.ShouldBe("user");
    }

    [Theory]
    [InlineData("user", "n,,")]
    [InlineData("user", "y,,")]
    [InlineData("user", "n,a=user,")]
    [InlineData("a=2Cb=3Dc", "n,a=a=2Cb=3Dc,")]
    public void Who_knows_the_password_succeeds(string user, string header)
    {
        var client = new ScramClient(user, "pencil", header: header);
        var conversation = new ScramConversation(Users);
        ScramResult result = conversation.Next(client.Final(conversation.Next(client.First).Reply));
        result.Status.ShouldBe(ScramStatus.Succeeded);
        result.Reply.ShouldBe(client.ExpectedServerFinal);
    }

    [Theory]
    [InlineData("user", "crayon")]
    [InlineData("nobody", "pencil")]
    public void A_wrong_password_and_an_unknown_user_look_the_same(string user, string password)
    {
        var client = new ScramClient(user, password);
        var conversation = new ScramConversation(Users);
        ScramResult first = conversation.Next(client.First);
        first.Status.ShouldBe(ScramStatus.Continue);
        Text(first).ShouldMatch(@"^r=fyko\+d2lbbFgONRv9qkxdawL.{24},s=.{22}==,i=4096$");

        ScramResult final = conversation.Next(client.Final(first.Reply));
        final.Failure.ShouldBe(ScramFailure.WrongProof);
        Text(final).ShouldBe("e=invalid-proof");
    }

    [Fact]
    public void An_unknown_user_has_the_same_salt_at_every_attempt_and_nobody_elses()
    {
        Salt("nobody").ShouldBe(Salt("nobody"));
        Salt("nobody").ShouldNotBe(Salt("somebody"));

        static string Salt(string user)
            => Text(new ScramConversation(Users).Next(new ScramClient(user, "").First)).Split(',')[1];
    }

    [Fact]
    public void Every_conversation_has_a_nonce_of_its_own()
    {
        byte[] hello = new ScramClient("user", "").First;
        new ScramConversation(Users).Next(hello).Reply.ShouldNotBe(new ScramConversation(Users).Next(hello).Reply);
    }

    [Theory]
    [InlineData("p=tls-unique,,n=user,r=abc", ScramFailure.ChannelBindingNotSupported)]
    [InlineData("n,,m=ext,n=user,r=abc", ScramFailure.ExtensionNotSupported)]
    [InlineData("n,a=admin,n=user,r=abc", ScramFailure.OtherIdentity)]
    [InlineData("n,x,n=user,r=abc", ScramFailure.Malformed)]
    [InlineData("x,,n=user,r=abc", ScramFailure.Malformed)]
    [InlineData("n,,n=user", ScramFailure.Malformed)]
    [InlineData("n,,n=user,r=", ScramFailure.Malformed)]
    [InlineData("n,,n=user,r=a b", ScramFailure.Malformed)]
    [InlineData("n,,r=abc,n=user", ScramFailure.Malformed)]
    [InlineData("n,,n=,r=abc", ScramFailure.UserNameNotSupported)]
    [InlineData("n,,n=us=er,r=abc", ScramFailure.UserNameNotSupported)]
    [InlineData("n,,n=us=2cer,r=abc", ScramFailure.UserNameNotSupported)]
    [InlineData("n,,n=jürgen,r=abc", ScramFailure.UserNameNotSupported)]
    [InlineData("n,,n=us\ter,r=abc", ScramFailure.UserNameNotSupported)]
    [InlineData("", ScramFailure.Malformed)]
    public void A_wrong_first_message_fails_by_name(string message, ScramFailure failure)
    {
        ScramResult result = new ScramConversation(Users).Next(Encoding.UTF8.GetBytes(message));
        result.Status.ShouldBe(ScramStatus.Failed);
        result.Failure.ShouldBe(failure);
        Text(result).ShouldStartWith("e=");
    }

    [Theory]
    [InlineData("c=biws", "c=eSws", ScramFailure.ChannelBindingMismatch)]
    [InlineData("c=biws", "c=b", ScramFailure.ChannelBindingMismatch)]
    [InlineData("r=fyko", "r=okyf", ScramFailure.WrongNonce)]
    [InlineData("c=biws", "m=x,c=biws", ScramFailure.ExtensionNotSupported)]
    [InlineData("c=biws,", "", ScramFailure.Malformed)]
    public void A_wrong_final_message_fails_by_name(string part, string instead, ScramFailure failure)
    {
        var client = new ScramClient("user", "pencil");
        var conversation = new ScramConversation(Users);
        byte[] final = client.Final(conversation.Next(client.First).Reply, bare => bare.Replace(part, instead));
        conversation.Next(final).Failure.ShouldBe(failure);
    }

    [Theory]
    [InlineData("p=not base64")]
    [InlineData("p=")]
    [InlineData("p=AAAA")]
    [InlineData("x=AAAA")]
    public void A_proof_that_is_none_is_malformed(string proof)
    {
        var client = new ScramClient("user", "pencil");
        var conversation = new ScramConversation(Users);
        string final = Encoding.UTF8.GetString(client.Final(conversation.Next(client.First).Reply));
        string changed = final[..(final.LastIndexOf(',') + 1)] + proof;
        conversation.Next(Encoding.UTF8.GetBytes(changed)).Failure.ShouldBe(ScramFailure.Malformed);
    }

    [Fact]
    public void Optional_extensions_of_the_final_message_are_signed_and_ignored()
    {
        var client = new ScramClient("user", "pencil");
        var conversation = new ScramConversation(Users);
        conversation.Next(client.Final(conversation.Next(client.First).Reply, bare => bare + ",z=later"))
            .Status.ShouldBe(ScramStatus.Succeeded);
    }

    [Fact]
    public void Nothing_follows_the_end_of_a_conversation()
    {
        var client = new ScramClient("user", "pencil");
        var conversation = new ScramConversation(Users);
        byte[] final = client.Final(conversation.Next(client.First).Reply);
        conversation.Next(final).Status.ShouldBe(ScramStatus.Succeeded);
        conversation.Next(final).Failure.ShouldBe(ScramFailure.OutOfOrder);
    }

    [Fact]
    public void A_failed_conversation_cannot_be_saved()
    {
        var client = new ScramClient("user", "pencil");
        var conversation = new ScramConversation(Users);
        byte[] final = client.Final(conversation.Next(client.First).Reply);
        conversation.Next("c=biws"u8).Status.ShouldBe(ScramStatus.Failed);
        conversation.Next(final).Failure.ShouldBe(ScramFailure.OutOfOrder);
    }

    [Fact]
    public void A_message_that_is_too_long_or_not_utf8_is_malformed()
    {
        new ScramConversation(Users).Next(new byte[5000]).Failure.ShouldBe(ScramFailure.Malformed);
        new ScramConversation(Users).Next([0xC3, 0x28]).Failure.ShouldBe(ScramFailure.Malformed);
    }

    [Fact]
    public void No_bytes_break_a_conversation()
    {
        byte[] first = "n,,n=user,r=abc"u8.ToArray();
        Gen<byte[]> messages =
            from at in Gen.Choose(0, first.Length - 1)
            from value in Gen.Choose(0, 255)
            from length in Gen.Choose(0, first.Length)
            select (byte[])[.. first[..at], (byte)value, .. first[Math.Max(at, length)..]];
        Prop.ForAll(messages.ToArbitrary(), messages.ToArbitrary(), (one, two) =>
        {
            var conversation = new ScramConversation(Users);
            conversation.Next(one);
            return conversation.Next(two).Status == ScramStatus.Failed;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    private static string Line(string user, string password)
        => $"{user}:{ScramCredential.FromPassword(password, Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096)!.Format()}";

    private static string Text(ScramResult result) => Encoding.UTF8.GetString(result.Reply);
}
