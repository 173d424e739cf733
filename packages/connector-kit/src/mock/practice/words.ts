/** Given names with their titles: those that are common, and some that programs trip over. */
export const givenNames: readonly (readonly [string, string])[] = [
  ...(['Olivia', 'Charlotte', 'Amelia', 'Isla', 'Matilda', 'Grace', 'Zoe', 'Ruby', 'Priya', 'Mei'] as const),
  ...(['Siobhán', 'Zoë', 'Aroha', 'Fatima', 'Anne-Marie', 'Thị Hương', 'Eleni', 'Ngaire'] as const),
]
  .map((name): readonly [string, string] => [name, 'Ms'])
  .concat(
    [
      ...(['Oliver', 'Noah', 'Jack', 'William', 'Leo', 'Henry', 'Lachlan', 'Angus', 'Arjun', 'Wei'] as const),
      ...(['José', 'Jean-Luc', 'Björn', 'Minh', 'Mohammed', 'Giuseppe', 'Tāne', 'DʼArcy'] as const),
    ].map((name): readonly [string, string] => [name, 'Mr']),
  );

export const familyNames: readonly string[] = [
  ...(['Smith', 'Jones', 'Williams', 'Brown', 'Wilson', 'Taylor', 'Nguyen', 'Martin', 'Anderson', 'Lee'] as const),
  ...(["O'Brien", 'Nguyễn', 'O’Neill', "D'Angelo", 'Smith-Jones', 'van der Berg', 'McDonald', 'de la Cruz'] as const),
  ...(['Papadopoulos', 'Singh', 'Patel', 'Chen', 'Müller', 'Kaur', 'Roe', 'Ōtene', 'St. John', 'Ng'] as const),
  ...([
    'Featherstonehaugh-Cholmondeley',
    'Wickramasinghe Arachchilage Don',
    'Núñez',
    'Al-Hassan',
    'Ó Dónaill',
  ] as const),
];

export const businesses: readonly string[] = [
  ...(['Harbour', 'Bondi', 'Wattle', 'Kookaburra', 'Southern Cross', 'Ironbark', 'Coral Coast', 'Red Earth'] as const),
  ...(['Jacaranda', 'Blue Gum', 'Nullarbor', 'Saltwater', 'Banksia', 'Outback', 'Magpie', 'Eureka'] as const),
];

export const trades: readonly string[] = [
  ...(['Plumbing', 'Electrical', 'Building', 'Cafés', 'Dental', 'Transport', 'Consulting', 'Farming'] as const),
  ...(['Bakery & Deli', 'Landscapes', 'Holdings', 'Physiotherapy'] as const),
];

export const streets: readonly string[] = [
  ...([
    'Quay St',
    'Station Rd',
    'Wattle Gr',
    'Beach Pde',
    'High St',
    'Railway Tce',
    'Kent St',
    "O'Connell St",
  ] as const),
];

/** City, state, the first digits of its postcodes that are one area, and its area code. */
export const places: readonly { city: string; state: string; postcode: string; area: string }[] = [
  { city: 'Sydney', state: 'NSW', postcode: '2000', area: '02' },
  { city: 'Newcastle', state: 'NSW', postcode: '2300', area: '02' },
  { city: 'Canberra', state: 'ACT', postcode: '2600', area: '02' },
  { city: 'Melbourne', state: 'VIC', postcode: '3000', area: '03' },
  { city: 'Hobart', state: 'TAS', postcode: '7000', area: '03' },
  { city: 'Brisbane', state: 'QLD', postcode: '4000', area: '07' },
  { city: 'Cairns', state: 'QLD', postcode: '4870', area: '07' },
  { city: 'Adelaide', state: 'SA', postcode: '5000', area: '08' },
  { city: 'Perth', state: 'WA', postcode: '6000', area: '08' },
  { city: 'Darwin', state: 'NT', postcode: '0800', area: '08' },
];

/** All mobile numbers that ACMA keeps free for fiction: https://www.acma.gov.au/phone-numbers-use-tv-shows-films-and-creative-works */
export const mobiles: readonly string[] = [
  ...(['570006', '570156', '570157', '570158', '570159', '570110', '570313', '570737', '571266', '571491'] as const),
  ...(['571804', '572549', '572665', '572983', '573770', '573087', '574118', '574632', '575254', '575789'] as const),
  ...(['576398', '576801', '577426', '577644', '578957', '578148', '578888', '579212', '579760', '579455'] as const),
].map((rest) => `0491${rest}`);
