using System.Globalization;
using System.Linq;

namespace Strata.Compiler.Diagnostics;

/// <summary>
/// The place of a problem, in terms of the declaration. It is no location, because locations change with every keystroke above the class.
/// The analyzer finds the syntax again.
/// </summary>
/// <param name="Attribute">The index in the declaration's attributes. It is −1 for the class itself, or for [Network] if there is an
/// argument.</param>
/// <param name="Argument">The name of the argument's parameter or property; empty for the whole attribute.</param>
/// <param name="Inside">If the attribute is a block, the attributes inside of it that lead to the problem, outermost first.</param>
internal readonly record struct Site(int Attribute, string Argument, EquatableArray<BlockSite> Inside = default)
{
    public static readonly Site Class = new(-1, "");

    /// <summary>An argument of the same attribute.</summary>
    public Site At(string argument)
    {
        if (Inside.Count == 0)
        {
            return this with { Argument = argument };
        }

        return At(Inside.Count, argument);
    }

    /// <summary>The same site with an argument of the attribute at a depth. Depth 0 is the network's attribute.</summary>
    public Site At(int depth, string argument)
    {
        if (depth == 0)
        {
            return this with { Argument = argument };
        }

        BlockSite[] inside = Inside.ToArray();
        inside[depth - 1] = inside[depth - 1] with { Argument = argument };
        return this with { Inside = inside.ToEquatableArray() };
    }

    /// <summary>One of several values of an argument, counted from 0.</summary>
    public Site At(string argument, int element) => At($"{argument}[{element.ToString(CultureInfo.InvariantCulture)}]");

    /// <summary>The argument's name without the index of an element.</summary>
    /// <param name="element">The index; −1 for the whole argument.</param>
    public static string Element(string argument, out int element)
    {
        int bracket = argument.IndexOf('[');
        element = bracket < 0 ? -1 : int.Parse(argument.Substring(bracket + 1).TrimEnd(']'), CultureInfo.InvariantCulture);
        return bracket < 0 ? argument : argument.Substring(0, bracket);
    }

    public string ArgumentAt(int depth) => depth == 0 ? Argument : Inside[depth - 1].Argument;

    /// <summary>The attribute at a depth, without the way to it. Inside of a block, it is the same for all uses of the block.</summary>
    public Site Only(int depth) => depth == 0 ? this with { Inside = default } : new Site(-1, "", EquatableArray.Of(Inside[depth - 1]));

    /// <summary>The way to the problem inside of the block at a depth, without the way to that block.</summary>
    public string Way(int depth) => string.Join(
        "/", Inside.Skip(depth - 1).Select(site => site.Block + "#" + site.Attribute.ToString(CultureInfo.InvariantCulture)));

    public Site WithoutArguments() =>
        this with { Argument = "", Inside = Inside.Select(site => site with { Argument = "" }).ToEquatableArray() };

    /// <summary>An attribute of the block that the current attribute stands for.</summary>
    public Site Then(string block, int attribute) =>
        this with { Inside = Inside.Append(new BlockSite(block, attribute, "")).ToEquatableArray() };
}

/// <summary>An argument of an attribute of a block.</summary>
internal readonly record struct BlockSite(string Block, int Attribute, string Argument);
