using System;
using System.Collections.Generic;

namespace Strata.Compiler.Catalogue;

/// <summary>The arguments of an operator, and the definition that it makes of them.</summary>
/// <typeparam name="TDefinition">The operator's definition: a layer's or a loss'.</typeparam>
/// <param name="arguments">The arguments in the order of the attribute.</param>
/// <param name="bind">Makes the definition.</param>
internal sealed class Signature<TDefinition>(IReadOnlyList<ArgumentSpec> arguments, Func<AttributeArguments, TDefinition> bind)
{
    public IReadOnlyList<ArgumentSpec> Arguments => arguments;

    public TDefinition Bind(AttributeArguments written) => bind(written);
}
