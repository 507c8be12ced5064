using System.Text;
using System.Text.Unicode;
using TelemetryHub.Core.Feeds.Json;

namespace TelemetryHub.Core.Feeds.Queries;

/// <summary>The text of a query, read word by word. The first problem is kept, and says where.</summary>
internal sealed class QueryText
{
    /// <summary>Queries come from anyone, and each costs memory as long as it is read with.</summary>
    public const int MaxCharacters = 1_000;

    private const int MaxShownCharacters = 20;
    private readonly byte[] _text;
    private int _at;
    private int _last;

    public QueryText(string text)
    {
        _text = text.Length <= MaxCharacters ? Encoding.UTF8.GetBytes(text) : [];
        if (text.Length > MaxCharacters)
            Problem = $"is longer than {MaxCharacters} characters";
    }

    /// <summary>What is wrong, in words for who wrote the query.</summary>
    public string? Problem { get; private set; }

    /// <summary>The next byte that is not white space; 0 at the end.</summary>
    public byte Peek()
    {
        while (At(_at) is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            _at++;
        return At(_at);
    }

    public bool IsAtEnd => Peek() == 0 && _at == _text.Length;

    /// <summary>Goes on behind a sign when it is next.</summary>
    public bool Take(ReadOnlySpan<byte> sign)
    {
        Peek();
        if (!Rest.StartsWith(sign))
            return false;
        _at += sign.Length;
        return true;
    }

    /// <summary>Goes on behind a word when it is next, in any case, and nothing else belongs to it.</summary>
    public bool TakeWord(ReadOnlySpan<byte> word)
    {
        if (!IsNext(word))
            return false;
        _last = _at;
        _at += word.Length;
        return true;
    }

    /// <summary>The same for a word with an opening parenthesis, without which it may be a name.</summary>
    public bool TakeCall(ReadOnlySpan<byte> word)
    {
        var start = _at;
        if (TakeWord(word) && Take("("u8))
            return true;
        _at = start;
        return false;
    }

    public bool IsNext(ReadOnlySpan<byte> word)
    {
        Peek();
        return Ascii.EqualsIgnoreCase(Rest[..LengthOfWord()], word);
    }

    /// <summary>A name as it can stand without quotes: letters, digits, <c>_</c>, <c>-</c> and everything that is not ASCII.</summary>
    public bool TryName(bool mayBeginWithDigit, out byte[] name)
    {
        Peek();
        var begin = At(_at);
        var length = begin == '-' || (!mayBeginWithDigit && char.IsAsciiDigit((char)begin)) ? 0 : LengthOfWord();
        name = Rest[..length].ToArray();
        _at += length;
        return length > 0;
    }

    /// <summary>A number as JSON has it.</summary>
    public bool TryNumber(out byte[] number)
    {
        Peek();
        var end = JsonTokens.EndOfNumber(_text, _at);
        number = end < 0 ? [] : _text[_at..end];
        if (end < 0 || LengthOfWord(end) > 0 || At(end) == '.')
            return false;
        _last = _at;
        _at = end;
        return true;
    }

    /// <summary>A text in single or double quotes, with the escapes of JSON and <c>\'</c>.</summary>
    public bool TryQuoted(out byte[] utf8)
    {
        utf8 = [];
        var quote = Peek();
        var end = _at + 1;
        while (At(end) != quote)
        {
            if (end >= _text.Length)
                return Fails("the text that begins here has no end");
            end = At(end) != '\\' ? end + 1 : At(end + 1) == '\'' ? end + 2 : JsonTokens.EndOfEscape(_text, end + 1);
            if (end < 0)
                return Fails("the text that begins here has an escape that JSON does not know");
        }
        utf8 = new JsonText(_text.AsSpan()[(_at + 1)..end], isEscaped: true).ToUtf8();
        if (!Utf8.IsValid(utf8))
            return Fails("the text that begins here has half of a surrogate pair");
        _at = end + 1;
        return true;
    }

    /// <summary>Always false, so that it can be returned.</summary>
    public bool Expected(string what) => Fails($"expected {what}, found {Found()}");

    /// <summary>Always false, so that it can be returned.</summary>
    public bool Fails(string why)
    {
        Peek();
        return FailsAt(_at, why);
    }

    /// <summary>The same, for the word or the number that was read last.</summary>
    public bool LastFails(string why) => FailsAt(_last, why);

    private bool FailsAt(int at, string why)
    {
        Problem ??= $"at character {Encoding.UTF8.GetCharCount(_text.AsSpan(0, at)) + 1}: {why}";
        return false;
    }

    private ReadOnlySpan<byte> Rest => _text.AsSpan(_at);

    private string Found()
    {
        if (IsAtEnd)
            return "the end";
        var rest = Encoding.UTF8.GetString(Rest[..Math.Max(1, LengthOfWord())]);
        if (char.IsControl(rest[0]))
            return $"U+{(int)rest[0]:X4}";
        return rest.Length > MaxShownCharacters ? $"'{rest[..MaxShownCharacters]}…'" : $"'{rest}'";
    }

    private int LengthOfWord() => LengthOfWord(_at);

    private int LengthOfWord(int start)
    {
        var end = start;
        while (At(end) is (byte)'_' or (byte)'-' or >= 0x80 || char.IsAsciiLetterOrDigit((char)At(end)))
            end++;
        return end - start;
    }

    private byte At(int at) => (uint)at < (uint)_text.Length ? _text[at] : (byte)0;
}
