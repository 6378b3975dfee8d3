using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Declarations;

/// <summary>
/// A whole network as text, for a build step that compiles its kernels after the C# compiler has compiled its class:
/// <code>
/// # network LeNet5
/// # tier Avx2
/// # family Zen 5
/// (Network Observable=true)
/// (Input channels=1 height=28 width=28)
/// (block Demo.UnitAttribute filters=8)
/// # block Demo.UnitAttribute
/// (Conv2D filters=8 kernel=3)
/// </code>
/// </summary>
/// <remarks>
/// A line that begins with <c>#</c> begins a section: the network with the class's name, a block, an operator or a loss with the full
/// name of its class. <c>[Network]</c> stands before the layers. The texts of sections are those of <see cref="BlockText"/> and
/// <see cref="OperatorText"/>.
/// </remarks>
/// <param name="Declaration">The network. What does not matter to its kernels is left out.</param>
/// <param name="Tiers">The tiers to compile, widest first.</param>
internal sealed record NetworkText(NetworkDeclaration Declaration, EquatableArray<Tier> Tiers)
{
    private const string Mark = "# ", Network = "network", Tier = "tier", Family = "family", Block = "block", Operator = "operator",
        Loss = "loss", CompiledBlock = "compiled-block";

    private static string NetworkType => AttributeDeclaration.BuiltInType("Network");

    public override string ToString()
    {
        var text = new StringBuilder();
        void Section(string kind, string name, string content = "") =>
            text.Append(Mark).Append(kind).Append(' ').Append(name).Append('\n').Append(content);
        Section(Network, Declaration.Name);
        foreach (Tier tier in Tiers)
        {
            Section(Tier, tier.Name);
        }

        foreach (string family in Tiers.Select(tier => tier.Family).Where(family => family.Length > 0).Distinct())
        {
            Section(Family, family);
        }

        var settings = new AttributeDeclaration(
            NetworkType, Declaration.Settings.Arguments().Select(one => AttributeArgument.Create(one.Key, one.Value)).ToEquatableArray());
        text.Append(Write(new BlockDeclaration(
            "", IsCompiled: false, EquatableArray<BlockConstant>.Empty, Declaration.Attributes.Prepend(settings).ToEquatableArray(),
            Declaration.Attributes.Count + 1)));
        foreach (BlockDeclaration block in Declaration.Blocks)
        {
            Section(block.IsCompiled ? CompiledBlock : Block, block.Key, Write(block));
        }

        foreach (DeclaredOperator declared in Declaration.Operators.Declared.OfType<IDeclared>().Select(one => one.Declaration))
        {
            Section(declared.IsLoss ? Loss : Operator, declared.Key, OperatorText.Write(declared));
        }

        return text.ToString();
    }

    /// <summary>
    /// A hash of a text, by which an app and the assembly of its kernels know that they belong together. Line ends do not matter.
    /// </summary>
    public static string HashOf(string text)
    {
        const int Bytes = 8;
        using var hash = SHA256.Create();
        return string.Concat(hash.ComputeHash(Encoding.UTF8.GetBytes(text.Replace("\r", "").Trim('\n'))).Take(Bytes)
            .Select(one => one.ToString("x2", CultureInfo.InvariantCulture)));
    }

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <exception cref="TextFormException">It is no such text.</exception>
    public static NetworkText Read(string text)
    {
        List<(string Kind, string Name, string Content)> sections = [.. Sections(text)];
        string name = sections.Find(section => section.Kind == Network).Name
            ?? throw new TextFormException("it has no network");
        EquatableArray<AttributeDeclaration> layers = ReadBlock("", sections.First(section => section.Content.Length > 0)).Attributes;
        NetworkSettings settings = NetworkSettings.Read(layers.Where(one => one.Type == NetworkType).SelectMany(one => one.Arguments)
            .Select(argument => new KeyValuePair<string, object?>(argument.Name, argument.Value)));
        return new NetworkText(
            NetworkDeclaration.WithoutClass(
                name, settings, layers.Where(one => one.Type != NetworkType).ToEquatableArray(),
                sections.Where(section => section.Kind is Block or CompiledBlock)
                    .Select(section => ReadBlock(section.Name, section) with { IsCompiled = section.Kind == CompiledBlock })
                    .ToEquatableArray(),
                OperatorSet.With(sections.Where(section => section.Kind is Operator or Loss).Select(ReadOperator))),
            Kernels.Tier.All.Where(tier => sections.Any(section => section.Kind == Tier && section.Name == tier.Name))
                .Select(tier => tier.For(sections.Find(section => section.Kind == Family).Name ?? "")).ToEquatableArray());
    }

    private static IEnumerable<(string Kind, string Name, string Content)> Sections(string text)
    {
        string[] lines = text.Replace("\r", "").Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string[] words = lines[i].Split([' '], 3);
            if (!lines[i].StartsWith(Mark, StringComparison.Ordinal) || words.Length < 3)
            {
                continue;
            }

            yield return (words[1], words[2], string.Join("\n", lines.Skip(i + 1)
                .TakeWhile(line => !line.StartsWith(Mark, StringComparison.Ordinal))));
        }
    }

    private static string Write(BlockDeclaration block) =>
        BlockText.Write(new DeclaredBlock(block, EquatableArray<ParameterDefault>.Empty));

    private static BlockDeclaration ReadBlock(string key, (string Kind, string Name, string Content) section) =>
        BlockText.TryRead(key, section.Content, out string problem)?.Block
        ?? throw new TextFormException($"{section.Kind} {section.Name}: {problem}");

    private static Operator ReadOperator((string Kind, string Name, string Content) section) => DeclaredUse.OperatorOf(
        OperatorText.TryRead(section.Name, section.Kind == Loss, section.Content, out string problem)
        ?? throw new TextFormException($"{section.Kind} {section.Name}: {problem}"));
}
