"""Batches of neighbours: part of what makes sentence pairs worth comparing is that they are close."""

import torch

BATCH = 256
GROUP = 16  # texts of one neighbourhood in a row
LANDMARKS = 4096


def neighbour_batches(embeddings: torch.Tensor, generator: torch.Generator) -> list[torch.Tensor]:
    """One pass over all rows in batches of BATCH indices, each of BATCH / GROUP random neighbourhoods.

    A neighbourhood is a run of texts that share their nearest landmark; landmarks are texts drawn anew for each pass.
    """
    count = len(embeddings)
    landmarks = embeddings[torch.randperm(count, generator=generator)[:LANDMARKS]].bfloat16()
    nearest = torch.cat([(part.bfloat16() @ landmarks.T).argmax(1) for part in embeddings.split(20_000)])
    shuffled = torch.randperm(count, generator=generator)
    order = shuffled[torch.argsort(nearest[shuffled], stable=True)]
    groups = order[: count // GROUP * GROUP].view(-1, GROUP)
    groups = groups[torch.randperm(len(groups), generator=generator)]
    return list(groups.flatten().split(BATCH))[: count // BATCH]
