namespace Strata.Weights;

/// <summary>A tensor that a pickle has.</summary>
/// <param name="Storage">Its storage.</param>
/// <param name="Layout">Which of the storage's numbers are its own.</param>
internal sealed record TorchTensor(TorchStorage Storage, TensorLayout Layout);
