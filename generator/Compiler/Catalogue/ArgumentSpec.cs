using System;
using System.Collections.Generic;

namespace Strata.Compiler.Catalogue;

/// <summary>How an argument is written.</summary>
internal enum ArgumentForm
{
    /// <summary>Without a name, and always: <c>Conv2D(64, 3)</c>.</summary>
    Required,

    /// <summary>Without a name, or not at all: <c>Dropout(0.2)</c>.</summary>
    Optional,

    /// <summary>With its name, or not at all: <c>Padding = 1</c>.</summary>
    Property,
}

/// <summary>An argument of an operator: its name, how it is written, its type and its default.</summary>
/// <param name="Name">The name of the constructor's parameter, or of the property.</param>
internal abstract record ArgumentSpec(string Name, ArgumentForm Form)
{
    /// <summary>The type of its value.</summary>
    public abstract Type Type { get; }

    /// <summary>The value where the argument is left out. A required argument has none that counts.</summary>
    public abstract object? Default { get; }

    /// <summary>Whether it is written without its name.</summary>
    public bool IsPositional => Form != ArgumentForm.Property;

    /// <summary>
    /// Whether the default counts where the argument is left out. If not, nothing takes its place: an extent, for example, is not there.
    /// </summary>
    public bool HasDefault { get; init; } = true;

    /// <summary>
    /// Whether it says only how parameters begin. Then it changes nothing where they are those of another layer.
    /// </summary>
    public bool IsInitial { get; init; }

    /// <summary>What the description of a layer or a loss has of it, if not its value.</summary>
    public DescribedPart? DescribedAs { get; init; }

    /// <summary>The value that is written, or the default.</summary>
    public abstract object ValueIn(AttributeArguments written);
}

/// <summary>An argument whose values have a type.</summary>
/// <param name="Absent">The value where the argument is left out.</param>
internal sealed record ArgumentSpec<T>(string Name, ArgumentForm Form, T Absent) : ArgumentSpec(Name, Form), IArgumentSource<Argument<T>>
{
    public override Type Type => typeof(T);

    public override object? Default => Absent;

    public IEnumerable<ArgumentSpec> Specs => [this];

    public override object ValueIn(AttributeArguments written) => written.Read(this).Value!;

    public Argument<T> Read(AttributeArguments arguments) => arguments.Read(this);
}

/// <summary>One argument, or several that mean one thing together, such as the extents of a window along each axis.</summary>
internal interface IArgumentSource<out T>
{
    /// <summary>The arguments in the order of the attribute.</summary>
    IEnumerable<ArgumentSpec> Specs { get; }

    T Read(AttributeArguments arguments);
}

/// <summary>Several arguments that mean one thing together.</summary>
/// <param name="specs">The arguments in the order of the attribute.</param>
/// <param name="read">Reads them.</param>
internal sealed class ArgumentGroup<T>(IEnumerable<ArgumentSpec> specs, Func<AttributeArguments, T> read) : IArgumentSource<T>
{
    public IEnumerable<ArgumentSpec> Specs => specs;

    public T Read(AttributeArguments arguments) => read(arguments);
}
