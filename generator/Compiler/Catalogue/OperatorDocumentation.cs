namespace Strata.Compiler.Catalogue;

/// <summary>One row of the documentation of operators.</summary>
/// <param name="Usage">The shortest declaration.</param>
/// <param name="Shape">The shape rule.</param>
/// <param name="Formula">What it computes.</param>
/// <param name="PyTorch">PyTorch's name.</param>
/// <param name="Keras">Keras' name.</param>
internal sealed record OperatorDocumentation(string Usage, string Shape, string Formula, string PyTorch, string Keras);
